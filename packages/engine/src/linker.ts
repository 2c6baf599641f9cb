import { UnknownImportError } from "./errors.ts";
import type { HostFunction, ImportedFunction } from "./host-calls.ts";
import { type Carry, ValuePassage } from "./isolation/value-passage.ts";
import { unusedResource } from "./wasi/unused-resource.ts";
import type { WasiInstance } from "./wasi/wasi-instance.ts";
import { missingFromEngine, wasiInterface } from "./wasi/wasi.ts";
import { ValueChecks } from "./wit/value-check.ts";
import { lowerCamelCase, parseFunctionName, qualifiedName, upperCamelCase } from "./wit/wit-name.ts";
import type { WitFunction, WitHandle, WitInterface, WitType, WitTypeRef, WitWorld } from "./wit/wit-type.ts";

/**
 * What the host gives a component: for each interface, by its full WIT name, an object with its functions under their WIT names
 * (`"blocking-read"`) or in camelCase as generated TypeScript types spell them (`blockingRead`), and for each resource a class.
 * Functions that the world itself imports are under the name "".
 */
export type HostImports = Readonly<Record<string, object>>;

/** What one instance imports, as generated code takes it. */
export interface LinkedImports {
  readonly members: Readonly<Record<string, object>>;
  /** The interfaces that the engine itself implements. */
  readonly fromEngine: ReadonlySet<string>;
}

interface PlannedFunction {
  readonly witName: string;
  readonly property: string;
  readonly qualifiedName: string;
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
  /** Every function that the component imports, by the name under which generated code calls it. */
  readonly functions: ReadonlyMap<string, ImportedFunction>;
  readonly #digest: string;
  readonly #interfaces: readonly PlannedInterface[];

  constructor(digest: string, { imports, types }: WitWorld) {
    this.#digest = digest;
    const checks = new ValueChecks(types);
    const owned = ownedResources(types);
    this.#interfaces = imports.map(plan);
    this.functions = new Map(
      imports.flatMap(({ name, functions }) =>
        functions.map((fn) => [generatedName(name, fn.name), imported(name, fn, types, checks, owned)] as const),
      ),
    );
  }

  /** The imports of one instance. Throws UnknownImportError when anything is missing, naming all of it. */
  link(imports: HostImports, wasi: WasiInstance): LinkedImports {
    const linked: Record<string, object> = Object.create(null);
    const fromEngine = new Set<string>();
    const missing: string[] = [];
    for (const planned of this.#interfaces) {
      const host = Object.hasOwn(imports, planned.name) ? imports[planned.name] : undefined;
      if (host === undefined) fromEngine.add(planned.name);
      const members = host === undefined ? engineMembers(planned, wasi, missing) : hostMembers(planned, host, missing);
      if (planned.name !== "") linked[planned.name] = members;
      else for (const [name, fn] of Object.entries(members)) linked[name] = { default: fn };
    }
    if (missing.length > 0) throw new UnknownImportError(this.#digest, missing);
    return { members: linked, fromEngine };
  }
}

/** Finds the resources of the host that a guest is to own by a value of its type. */
function ownedResources(types: readonly WitType[]): (ref: WitTypeRef | null) => (value: unknown) => readonly object[] {
  const found: object[] = [];
  const handle = ({ resource, isOwned }: WitHandle): Carry => {
    if (!isOwned || resource?.side !== "import") return (value) => value;
    return (value) => {
      found.push(Object(value));
      return value;
    };
  };
  const passage = new ValuePassage(types, { handle, copies: false });
  return (ref) => {
    const carry = passage.for(ref);
    return (value) => {
      carry(value);
      return found.splice(0);
    };
  };
}

/** How generated code names the function that it calls. */
function generatedName(interfaceName: string, functionName: string): string {
  return `${interfaceName === "" ? functionName : interfaceName}#${functionName}`;
}

function imported(
  interfaceName: string,
  fn: WitFunction,
  types: readonly WitType[],
  checks: ValueChecks,
  owned: ReturnType<typeof ownedResources>,
): ImportedFunction {
  const result = typeof fn.result === "number" ? types[fn.result] : undefined;
  const isResult = result?.kind === "result";
  return {
    qualifiedName: qualifiedName(interfaceName, fn.name),
    interfaceName,
    returnsResult: isResult,
    checkResult: checks.optional(isResult ? result.ok : fn.result),
    checkError: checks.optional(isResult ? result.error : null),
    ownedByResult: owned(isResult ? result.ok : (fn.result ?? null)),
    ownedByError: owned(isResult ? result.error : null),
  };
}

function plan({ name, functions, resources }: WitInterface): PlannedInterface {
  const plain = functions.filter((fn) => parseFunctionName(fn.name).kind === "function");
  return {
    name,
    absentFromEngine: missingFromEngine(
      name,
      functions.map((fn) => fn.name),
    ).map((fn) => qualifiedName(name, fn)),
    functions: plain.map((fn) => ({
      witName: fn.name,
      property: name === "" ? fn.name : lowerCamelCase(fn.name),
      qualifiedName: qualifiedName(name, fn.name),
    })),
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

function hostMembers(planned: PlannedInterface, host: object, missing: string[]): object {
  const members: Record<string, unknown> = {};
  for (const fn of planned.functions) {
    const implementation = memberOf(host, fn.witName, lowerCamelCase(fn.witName));
    if (implementation === undefined) missing.push(fn.qualifiedName);
    else members[fn.property] = (...args: never[]): unknown => implementation.apply(host, args);
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
