import { UnknownImportError } from "./errors.ts";
import type { HostCalls, HostFunction, ImportedFunction } from "./host-calls.ts";
import { unusedResource } from "./wasi/unused-resource.ts";
import type { WasiInstance } from "./wasi/wasi-instance.ts";
import { missingFromEngine, wasiInterface } from "./wasi/wasi.ts";
import { ValueChecks } from "./wit/value-check.ts";
import { lowerCamelCase, parseFunctionName, qualifiedName, upperCamelCase } from "./wit/wit-name.ts";
import { returnsResult, type WitInterface, type WitWorld } from "./wit/wit-type.ts";

/**
 * What the host gives a component: for each interface, by its full WIT name, an object with its functions under their WIT names
 * (`"blocking-read"`) or in camelCase as generated TypeScript types spell them (`blockingRead`), and for each resource a class.
 * Functions that the world itself imports are under the name "".
 */
export type HostImports = Readonly<Record<string, object>>;

interface PlannedFunction extends ImportedFunction {
  readonly witName: string;
  readonly property: string;
}

interface PlannedResource {
  readonly witName: string;
  readonly className: string;
  /** A resource without functions is only ever handed around: the host need not know it. */
  readonly isOpaque: boolean;
}

interface PlannedInterface {
  readonly name: string;
  /** Functions that the host has to provide, because the engine does not; methods of a resource that the engine has included. */
  readonly absentFromEngine: readonly string[];
  readonly functions: readonly PlannedFunction[];
  readonly resources: readonly PlannedResource[];
}

/** Connects the imports of one component; what can be worked out once for all its instances is. */
export class Linker {
  readonly #digest: string;
  readonly #interfaces: readonly PlannedInterface[];

  constructor(digest: string, world: WitWorld) {
    this.#digest = digest;
    const checks = new ValueChecks(world.types);
    this.#interfaces = world.imports.map((entry) => plan(entry, world, checks));
  }

  /** The import object of one instance, as generated code expects it. Throws when anything is missing, naming all of it. */
  link(imports: HostImports, wasi: WasiInstance, calls: HostCalls): Readonly<Record<string, object>> {
    const linked: Record<string, object> = Object.create(null);
    const missing: string[] = [];
    for (const planned of this.#interfaces) {
      const host = Object.hasOwn(imports, planned.name) ? imports[planned.name] : undefined;
      const members =
        host === undefined ? engineMembers(planned, wasi, missing) : hostMembers(planned, host, calls, missing);
      if (planned.name !== "") linked[planned.name] = members;
      else for (const [name, fn] of Object.entries(members)) linked[name] = { default: fn };
    }
    if (missing.length > 0) throw new UnknownImportError(this.#digest, missing);
    return linked;
  }
}

function plan(
  { name, functions, resources }: WitInterface,
  { types }: WitWorld,
  checks: ValueChecks,
): PlannedInterface {
  const plain = functions.filter((fn) => parseFunctionName(fn.name).kind === "function");
  return {
    name,
    absentFromEngine: missingFromEngine(
      name,
      functions.map((fn) => fn.name),
    ).map((fn) => qualifiedName(name, fn)),
    functions: plain.map((fn) => {
      const hasResult = returnsResult(fn, types);
      const result = hasResult && typeof fn.result === "number" ? types[fn.result] : undefined;
      const returned = result?.kind === "result" ? result.ok : fn.result;
      return {
        witName: fn.name,
        property: name === "" ? fn.name : lowerCamelCase(fn.name),
        qualifiedName: qualifiedName(name, fn.name),
        returnsResult: hasResult,
        checkResult: returned === null ? () => undefined : checks.for(returned),
      };
    }),
    resources: resources.map((resource) => ({
      witName: resource,
      className: upperCamelCase(resource),
      isOpaque: !functions.some((fn) => isOfResource(fn.name, resource)),
    })),
  };
}

function isOfResource(functionName: string, resource: string): boolean {
  const parsed = parseFunctionName(functionName);
  return parsed.kind !== "function" && parsed.resource === resource;
}

function hostMembers(planned: PlannedInterface, host: object, calls: HostCalls, missing: string[]): object {
  const members: Record<string, unknown> = {};
  for (const fn of planned.functions) {
    const implementation = memberOf(host, fn.witName, lowerCamelCase(fn.witName));
    if (implementation === undefined) missing.push(fn.qualifiedName);
    else members[fn.property] = calls.wrap(fn, implementation, host);
  }
  for (const { witName, className, isOpaque } of planned.resources) {
    const implementation = memberOf(host, witName, className);
    if (implementation !== undefined) members[className] = implementation;
    else if (isOpaque) members[className] = unusedResource();
    else missing.push(qualifiedName(planned.name, witName));
  }
  return members;
}

function engineMembers(planned: PlannedInterface, wasi: WasiInstance, missing: string[]): object {
  const members = wasiInterface(planned.name, wasi) ?? {};
  missing.push(...planned.absentFromEngine);
  const opaque: Record<string, unknown> = {};
  for (const { className, isOpaque } of planned.resources) {
    if (Object.hasOwn(members, className)) continue;
    if (isOpaque) opaque[className] = unusedResource();
  }
  return { ...members, ...opaque };
}

/** A function of the object or its class, under one of two names; never one that every object has. */
export function memberOf(host: object, ...names: readonly string[]): HostFunction | undefined {
  for (const name of names) {
    const member: HostFunction = Reflect.get(host, name);
    if (typeof member === "function" && member !== Reflect.get(Object.prototype, name)) return member;
  }
  return undefined;
}
