import { componentEmbed, componentWitMetadataForWorld } from "@bytecodealliance/jco-transpile/wasm-tools";
import type { Compilation } from "./compilation.ts";
import { functionNames } from "./core-module.ts";
import { WitInvalidError } from "./errors.ts";
import { toolMessage } from "./tool-message.ts";

/** A function of a world: `interface` is empty for a function of the world itself. Names are those of the WIT. */
export interface WorldFunction {
  readonly interface: string;
  readonly name: string;
}

/** What a world asks of a component and offers it. */
export interface WorldShape {
  /** What a component has to export. */
  readonly required: readonly WorldFunction[];
  /** What it may import. */
  readonly offered: readonly WorldFunction[];
  /** Interfaces, as in `airssys:core-host/logging@1.0.0`. */
  readonly imports: readonly string[];
  readonly exports: readonly string[];
}

/** Core modules name what they import from and export as an interface `cm32p2|ns:package/interface@1`. */
const interfacePrefix = /^cm32p2\|?/;
/** An exported function has the prefix, its interface and its name in one; `_post` marks its post-return, `[` what resources add. */
const exportedFunction = /^cm32p2\|(?<interface>[^|]*)\|(?<name>[a-z][a-z0-9-]*)$/i;

/** @throws {WitInvalidError} the WIT does not parse or has no such world */
export async function readWorld({ wit, world, witDirectory }: Compilation): Promise<WorldShape> {
  try {
    const dummy = functionNames(await componentEmbed({ witSource: wit, world, dummy: true }));
    const metadata = await componentWitMetadataForWorld({ tag: "source", val: wit }, world);
    return {
      required: dummy.exports.flatMap((exported) => {
        const parts = exportedFunction.exec(exported)?.groups;
        return parts === undefined ? [] : [{ interface: parts["interface"] ?? "", name: parts["name"] ?? "" }];
      }),
      offered: dummy.imports.map(({ module, name }) => ({ interface: module.replace(interfacePrefix, ""), name })),
      imports: metadata.imports.map(interfaceName),
      exports: metadata.exports.map(interfaceName),
    };
  } catch (cause) {
    throw new WitInvalidError(witDirectory, toolMessage(cause), { cause });
  }
}

type InterfaceMetadata = Awaited<ReturnType<typeof componentWitMetadataForWorld>>["imports"][number];

function interfaceName(metadata: InterfaceMetadata): string {
  const { namespace, package: packageName, interface: name, version } = metadata;
  const path = `${namespace}:${packageName}/${name}`;
  if (version === undefined) return path;
  const { major, minor, patch, pre, build } = version;
  return `${path}@${major}.${minor}.${patch}${pre ? `-${pre}` : ""}${build ? `+${build}` : ""}`;
}

/** `some-interface` in `ns:package/some-interface@1.0.0`. */
export function interfaceWord(name: string): string {
  return name.replace(/^.*\//, "").replace(/@.*$/, "");
}

/** `someFunction` for `some-function`. */
export function camelCase(kebab: string): string {
  return kebab.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
