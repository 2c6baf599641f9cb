import { UncrossableTypeError } from "./errors.ts";
import type { HostedInterface } from "./border-messages.ts";
import { type HostImports, memberOf } from "../linker.ts";
import { lowerCamelCase, parseFunctionName, qualifiedName, upperCamelCase } from "../wit/wit-name.ts";
import {
  partsOf,
  type WitFunction,
  type WitInterface,
  type WitResource,
  type WitType,
  type WitTypeRef,
  type WitWorld,
} from "../wit/wit-type.ts";

/** What of a component's imports the host provides; the rest is up to the engine, on the instance's thread. */
export function hostedInterfaces({ imports }: WitWorld, host: HostImports): readonly HostedInterface[] {
  return imports.flatMap((entry) => {
    const given = Object.hasOwn(host, entry.name) ? host[entry.name] : undefined;
    return given === undefined ? [] : [providedOf(entry, given)];
  });
}

function providedOf({ name, functions, resources }: WitInterface, given: object): HostedInterface {
  const hasResource = (resource: string): boolean => memberOf(given, resource, upperCamelCase(resource)) !== undefined;
  return {
    name,
    resources: resources.filter(hasResource),
    functions: functions
      .map((fn) => fn.name)
      .filter((fn) => {
        const parsed = parseFunctionName(fn);
        return parsed.kind === "function"
          ? memberOf(given, fn, lowerCamelCase(fn)) !== undefined
          : hasResource(parsed.resource);
      }),
  };
}

/**
 * Every value of WIT crosses between threads, and so do resources of the guest and of the host. A resource that the engine makes on the
 * instance's thread, such as a stream of WASI, is nothing outside it: throws UncrossableTypeError when the host would meet one.
 */
export function checkCrossing(
  digest: string,
  { types, imports }: WitWorld,
  exports: readonly WitInterface[],
  hosted: readonly HostedInterface[],
): void {
  const crosses = ({ side, interface: owner, name }: WitResource): boolean =>
    side === "export" || hosted.some((each) => each.name === owner && each.resources.includes(name));
  const met = [...imports.filter(({ name }) => hosted.some((each) => each.name === name)), ...exports];
  const uses = met.flatMap(({ name, functions }) =>
    functions.flatMap((fn) =>
      resourcesOf(fn, types)
        .filter((resource) => resource === undefined || !crosses(resource))
        .map((resource) => `${qualifiedName(name, fn.name)}: ${described(resource)}`),
    ),
  );
  if (uses.length > 0) throw new UncrossableTypeError(digest, [...new Set(uses)]);
}

/** Whether the interface declares resources, or its functions take or return some. */
export function meetsResources({ functions, resources }: WitInterface, types: readonly WitType[]): boolean {
  return resources.length > 0 || functions.some((fn) => resourcesOf(fn, types).length > 0);
}

function described(resource: WitResource | undefined): string {
  return resource === undefined
    ? "a resource without a name"
    : `resource ${qualifiedName(resource.interface, resource.name)}`;
}

/** The resources in a function's type; undefined for one without a name. */
function resourcesOf(
  { parameters, result }: WitFunction,
  types: readonly WitType[],
): readonly (WitResource | undefined)[] {
  const seen = new Set<number>();
  const found: (WitResource | undefined)[] = [];
  const waiting: (WitTypeRef | null)[] = [...parameters.map(({ type }) => type), result];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    const type = typeof ref === "number" && !seen.has(ref) ? types[ref] : undefined;
    if (typeof ref === "number") seen.add(ref);
    if (type === undefined) continue;
    if (type.kind === "handle") found.push(type.resource);
    waiting.push(...partsOf(type));
  }
  return found;
}
