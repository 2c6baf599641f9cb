import type { Clock } from "../clock.ts";
import { HostFunctionError } from "../errors.ts";
import { type CallSignal, onBehalfOf } from "../host-call-signal.ts";
import { disposeOf } from "../host-resources.ts";
import { type HostImports, memberOf } from "../linker.ts";
import { lowerCamelCase, parseFunctionName, qualifiedName, upperCamelCase } from "../wit/wit-name.ts";
import type { WitWorld } from "../wit/wit-type.ts";
import type { HostCall, HostedInterface, Reply } from "./border-messages.ts";
import type { HostPassage } from "./host-passage.ts";
import { signatureOf } from "./signature.ts";
import type { WasiFunctions } from "./wasi-passage.ts";

/** On whose behalf the host is called. */
export interface HostCallScope {
  readonly signal: CallSignal;
  /** Runs a function as if the caller of the guest ran it. */
  readonly inCallersContext: <T>(run: () => T) => T;
}

export interface HostDeskParts {
  readonly world: WitWorld;
  readonly imports: HostImports;
  readonly hosted: readonly HostedInterface[];
  readonly wasi: WasiFunctions;
  readonly clock: Clock;
  readonly passage: HostPassage;
}

/** A function of the host that a guest may call, from value to value as they crossed. */
interface DeskFunction {
  readonly name: string;
  readonly run: (args: readonly unknown[]) => unknown;
  /** Makes a reply of what it returned, or of a WIT error that it threw. Throws HostFunctionError for what its type does not allow. */
  readonly returned: (value: unknown) => Reply;
  readonly threw: (thrown: unknown) => Reply;
}

/** On the host's thread: serves the calls of one instance on another. */
export class HostDesk {
  readonly #functions = new Map<string, DeskFunction>();
  readonly #wasi: WasiFunctions;
  readonly #clock: Clock;
  readonly #passage: HostPassage;

  constructor({ world, imports, hosted, wasi, clock, passage }: HostDeskParts) {
    this.#wasi = wasi;
    this.#clock = clock;
    this.#passage = passage;
    for (const { name, functions } of hosted) {
      const declared = world.imports.find((entry) => entry.name === name);
      for (const fn of declared?.functions ?? []) {
        if (!functions.includes(fn.name)) continue;
        const fullName = qualifiedName(name, fn.name);
        const invoke = invocation(Object(imports[name]), fn.name);
        this.#functions.set(fullName, typedFunction(fullName, invoke, signatureOf(fn, world.types), passage));
      }
    }
  }

  /** The reply, at once when the function returns at once. Throws, or rejects with, HostFunctionError when the instance is not to live on. */
  serve(call: HostCall, scope: HostCallScope): Reply | Promise<Reply> {
    const fn = this.#functionFor(call);
    let value: unknown;
    try {
      value = scope.inCallersContext(() => onBehalfOf(scope.signal, () => fn.run(argumentsOf(call))));
    } catch (thrown) {
      return fn.threw(thrown);
    }
    return isThenable(value) ? Promise.resolve(value).then(fn.returned, fn.threw) : fn.returned(value);
  }

  #functionFor(call: HostCall): DeskFunction {
    switch (call.kind) {
      case "host-function":
        return this.#functions.get(call.function) ?? plainFunction(call.function, unknownFunction);
      case "wasi-function":
        return plainFunction(call.function, this.#wasi.get(call.function) ?? unknownFunction);
      case "clock-function":
        return plainFunction(`clock.${call.function}`, () => this.#clock[call.function]());
      case "host-resource-dropped":
        return plainFunction(`[resource-drop]${call.name}`, () => {
          const dropped = this.#passage.ledger.take(call.resource);
          if (dropped !== undefined) disposeOf(dropped);
        });
    }
  }
}

function argumentsOf(call: HostCall): readonly unknown[] {
  return call.kind === "host-function" || call.kind === "wasi-function" ? call.args : [];
}

/** Generated code and the engine name only what there is. */
function unknownFunction(): never {
  throw new TypeError("the guest called what the host does not provide");
}

/** Any Error, or a plain value where no WIT error is foreseen, is the host's failure. */
function failed(name: string, cause: unknown): never {
  if (cause instanceof HostFunctionError) throw cause;
  throw new HostFunctionError(name, "threw an error", { cause });
}

function plainFunction(name: string, run: (...args: never[]) => unknown): DeskFunction {
  return {
    name,
    // The engine calls its own functions with what they take.
    run: (args) => run(...(args as never[])),
    returned: (value) => ({ kind: "returned", value }),
    threw: (thrown) => failed(name, thrown),
  };
}

function typedFunction(
  name: string,
  invoke: (args: readonly unknown[]) => unknown,
  { parameters, returned, thrown }: ReturnType<typeof signatureOf>,
  passage: HostPassage,
): DeskFunction {
  const checked = (kind: Reply["kind"], ref: typeof returned, value: unknown): Reply => {
    if (ref === null) return { kind, value: undefined };
    let problem: string | undefined;
    try {
      problem = passage.checks.for(ref)(value);
      if (problem === undefined) {
        const carried = passage.leaving(ref)(value);
        passage.settle();
        return { kind, value: carried };
      }
    } catch (cause) {
      throw new HostFunctionError(name, `${kind} a value that cannot be read`, { cause });
    }
    throw new HostFunctionError(name, `${kind} a wrong value: ${problem}`, { cause: value });
  };
  return {
    name,
    run: (args) => invoke(args.map((arg, index) => passage.arriving(parameters[index] ?? null)(arg))),
    returned: (value) => checked("returned", returned, value),
    threw: (error) =>
      thrown === undefined || error instanceof Error ? failed(name, error) : checked("threw", thrown, error),
  };
}

/** Calls the function as generated code on this thread would. */
function invocation(host: object, witName: string): (args: readonly unknown[]) => unknown {
  const parsed = parseFunctionName(witName);
  if (parsed.kind === "function") return callOf(host, witName, lowerCamelCase(witName));
  const resource = Object(memberOf(host, parsed.resource, upperCamelCase(parsed.resource)));
  switch (parsed.kind) {
    case "constructor":
      return (args) => Reflect.construct(resource, args);
    case "static":
      return callOf(resource, lowerCamelCase(parsed.name));
    case "method": {
      const method = lowerCamelCase(parsed.name);
      return ([self, ...args]) => callOf(Object(self), method)(args);
    }
  }
}

function callOf(owner: object, ...names: readonly string[]): (args: readonly unknown[]) => unknown {
  const fn = memberOf(owner, ...names);
  if (fn === undefined) return unknownFunction;
  return (args) => Reflect.apply(fn, owner, args);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}
