import { parentPort, workerData } from "node:worker_threads";
import { type Clock, systemClock } from "../clock.ts";
import type { CallUsage } from "../confinement.ts";
import { EngineError } from "../errors.ts";
import type { Answer, Instance } from "../instance.ts";
import { MemoryPlan } from "../instance-memory.ts";
import { generatedScript } from "../preparation/generated-script.ts";
import { type LoadedComponent, PreparedComponent } from "../prepared-component.ts";
import { Gates } from "../suspension/gates.ts";
import { trapError } from "../trap.ts";
import type { WitFunction, WitType } from "../wit/wit-type.ts";
import type {
  CallRequest,
  DropRequest,
  HostCall,
  LaunchRequest,
  Outcome,
  Request,
  ThreadData,
} from "./border-messages.ts";
import type { ComponentCopy } from "./component-copy.ts";
import { packError } from "./error-passage.ts";
import { ValueTooLargeError } from "./errors.ts";
import { HostLine } from "./host-line.ts";
import { type HostCaller, hostStubs } from "./host-stubs.ts";
import { functionsByName, type Signature, signatureOf } from "./signature.ts";
import { ThreadResources } from "./thread-resources.ts";
import { ValuePassage } from "./value-passage.ts";
import { weighsAtMost } from "./value-weight.ts";
import { wasiOptions } from "./wasi-passage.ts";

/** What is known to be used before the guest's first call. */
const NOTHING_USED: CallUsage = { fuel: 0, wallMs: 0, idleMs: 0, peakMemoryBytes: 0, unfinishedHostCalls: 0 };

/** The one instance of a thread, and all that stands between it and the host on another. */
class GuestThread implements HostCaller {
  readonly #line: HostLine;
  readonly #types: readonly WitType[];
  readonly #exported: ReadonlyMap<string, WitFunction>;
  readonly #messageBytes: number;
  readonly #resources = new ThreadResources();
  readonly #leaving: ValuePassage;
  readonly #returning: ValuePassage;
  #instance: Instance | undefined;

  constructor(line: HostLine, { component, messageBytes }: LaunchRequest) {
    const { types, exports } = component.world;
    this.#line = line;
    this.#types = types;
    this.#exported = functionsByName(exports);
    this.#messageBytes = messageBytes;
    // What comes from guest code was made by generated code, and has nothing on it that its type does not say.
    this.#leaving = new ValuePassage(types, { handle: this.#resources.leaving, copies: false });
    this.#returning = new ValuePassage(types, { handle: this.#resources.returning, copies: false });
  }

  launch({ component, limits, hosted, wasi, hasHostClock }: LaunchRequest): Outcome {
    try {
      const prepared = new PreparedComponent(loaded(component), hasHostClock ? this.#hostClock() : systemClock);
      const imports = hostStubs(component.world, hosted, this, (...stub) => this.#resources.stand(...stub));
      this.#line.tell({ kind: "entering" });
      this.#instance = prepared.instantiate({
        imports,
        limits,
        wasi: wasiOptions(wasi, (name, args) => {
          this.#weigh(name, args);
          return this.#ask({ kind: "wasi-function", function: name, args, usage: this.#usage });
        }),
      });
      return { kind: "launched", usage: this.#usage };
    } catch (error) {
      return this.#died("instantiation", error);
    }
  }

  run(request: CallRequest | DropRequest): Outcome {
    this.#line.begin();
    switch (request.kind) {
      case "call":
        return this.#call(request);
      case "drop":
        return this.#drop(request);
    }
  }

  #call({ name, args }: CallRequest): Outcome {
    const fn = this.#exported.get(name);
    const instance = this.#instance;
    try {
      if (fn === undefined || instance === undefined) throw new TypeError(`${name} cannot be called`);
      const signature = signatureOf(fn, this.#types);
      const answer = instance.call(name, this.#returned(signature, args));
      const carried = this.#carried(signature, answer);
      this.#weigh(name, [answer.ok ? answer.value : answer.error]);
      return { kind: "answered", answer: carried, usage: this.#usage };
    } catch (error) {
      if (instance?.isAlive === true && error instanceof EngineError)
        return { kind: "refused", error: packError(error) };
      return this.#died(name, error);
    }
  }

  #returned({ parameters }: Signature, args: readonly unknown[]): readonly unknown[] {
    return args.map((arg, index) => this.#returning.for(parameters[index] ?? null)(arg));
  }

  #carried({ returned, thrown }: Signature, answer: Answer): Answer {
    if (answer.ok) return { ok: true, value: this.#leaving.for(returned)(answer.value) };
    return { ok: false, error: this.#leaving.for(thrown ?? null)(answer.error) };
  }

  /** The destructor of a resource is guest code, and may fail as any other. */
  #drop({ resource }: DropRequest): Outcome {
    try {
      const dropped = Object(this.#resources.take(resource));
      const dispose: unknown = Reflect.get(dropped, Symbol.dispose);
      if (typeof dispose === "function") dispose.call(dropped);
      return { kind: "dropped", usage: this.#usage };
    } catch (error) {
      return this.#died("a destructor", error);
    }
  }

  call(name: string, fn: WitFunction, args: readonly unknown[]): unknown {
    const { returned, thrown } = signatureOf(fn, this.#types);
    const { kind, value } = this.#askFor(name, fn, args);
    // A WIT error is thrown as a plain value.
    if (kind === "threw") throw this.#returning.for(thrown ?? null)(value);
    return this.#returning.for(returned)(value);
  }

  construct(name: string, fn: WitFunction, args: readonly unknown[]): number {
    return Number(this.#askFor(name, fn, args).value);
  }

  dropped(name: string, resource: number): void {
    this.#ask({ kind: "host-resource-dropped", name, resource, usage: this.#usage });
  }

  #askFor(name: string, fn: WitFunction, args: readonly unknown[]): ReturnType<HostLine["ask"]> {
    this.#weigh(name, args);
    const { parameters } = signatureOf(fn, this.#types);
    const carried = args.map((arg, index) => this.#leaving.for(parameters[index] ?? null)(arg));
    return this.#line.ask({ kind: "host-function", function: name, args: carried, usage: this.#usage });
  }

  #ask(call: HostCall): unknown {
    return this.#line.ask(call).value;
  }

  #weigh(name: string, values: readonly unknown[]): void {
    if (weighsAtMost(values, this.#messageBytes)) return;
    this.#line.end(this.#died(name, new ValueTooLargeError(name, this.#messageBytes)));
  }

  #died(name: string, thrown: unknown): Outcome {
    const error = thrown instanceof EngineError ? thrown : trapError(name, thrown);
    return { kind: "died", error: packError(error), usage: this.#usage };
  }

  get #usage(): CallUsage {
    return { ...(this.#instance?.lastCall ?? NOTHING_USED), idleMs: this.#line.waitedMs };
  }

  #hostClock(): Clock {
    const ask = (name: "now" | "monotonic"): unknown =>
      this.#ask({ kind: "clock-function", function: name, usage: this.#usage });
    return { now: () => Number(ask("now")), monotonic: () => BigInt(String(ask("monotonic"))) };
  }
}

function loaded(copy: ComponentCopy): LoadedComponent {
  const { digest, world, modules, code, codeCache } = copy;
  return {
    digest,
    world,
    modules: new Map(modules.map(({ fileName, compiled }) => [fileName, compiled])),
    memoryPlan: new MemoryPlan(modules),
    instantiate: generatedScript(digest, code, codeCache).runInThisContext(),
    // This thread has nothing else to do while its guest waits.
    suspendable: () => Promise.reject(new TypeError("a guest on a thread of its own is not suspended")),
    gates: new Gates(new Map()),
    copy: () => copy,
  };
}

const port = parentPort;
if (port === null) throw new TypeError("this runs on a thread of its own only");
const { replies }: ThreadData = workerData;
const line = new HostLine(port, replies);
let guest: GuestThread | undefined;
port.on("message", (request: Request) => {
  if (request.kind === "launch") {
    guest = new GuestThread(line, request);
    line.tell(guest.launch(request));
  } else if (guest !== undefined) {
    line.tell(guest.run(request));
  }
});
line.tell({ kind: "ready" });
