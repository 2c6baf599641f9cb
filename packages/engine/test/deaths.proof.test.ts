import { describe, expect, it } from "vitest";
import {
  type EngineErrorCode,
  type HostImports,
  type InstanceLimits,
  InstanceDeadError,
  type PreparedComponent,
} from "../src/index.ts";
import { preparer, rejectionOf } from "./fixtures.ts";

const prepare = preparer();

/** One way for an instance to die. */
interface Death {
  readonly how: string;
  readonly component: string;
  readonly call: string;
  readonly args?: readonly unknown[];
  readonly imports?: HostImports;
  readonly limits?: InstanceLimits;
  readonly code: EngineErrorCode;
  readonly details?: object;
}

const bytes = [Uint8Array.of(1, 2, 3)];
const imports = { "": { ask: () => "an answer", tick: () => undefined } };
const api = { plain: (x: number) => x, tryIt: (x: number) => x };
const hostile = { component: "hostile", imports };
const handing = { component: "deaths", imports };

const DEATHS: readonly Death[] = [
  { how: "a trap", component: "traps", call: "unreachable", code: "ENGINE_COMPONENT_TRAP" },
  {
    how: "a stack overflow, which is a RangeError",
    component: "traps",
    call: "recurse",
    limits: { stackDepth: 2 ** 31 - 1 },
    code: "ENGINE_STACK_DEPTH",
    details: { cause: { kind: "stack-overflow", cause: expect.any(RangeError) } },
  },
  { how: "an exception of its own", component: "traps", call: "throw", code: "ENGINE_COMPONENT_TRAP" },
  {
    how: "a trap while memory is allocated for an argument",
    ...handing,
    call: "take-in-vain",
    args: bytes,
    code: "ENGINE_COMPONENT_TRAP",
    details: { kind: "unreachable" },
  },
  {
    how: "a stack overflow while memory is allocated for an argument",
    ...handing,
    call: "take-too-deep",
    args: bytes,
    code: "ENGINE_STACK_DEPTH",
  },
  {
    how: "running out of fuel while memory is allocated for an argument",
    ...handing,
    call: "take-for-ever",
    args: bytes,
    limits: { fuelPerCall: 10_000 },
    code: "ENGINE_FUEL_EXHAUSTED",
  },
  {
    how: "the deadline while memory is allocated for an argument",
    ...handing,
    call: "take-for-ever",
    args: bytes,
    limits: { deadlineMs: 5 },
    code: "ENGINE_DEADLINE_EXCEEDED",
  },
  {
    how: "a trap while memory is allocated for an answer of the host",
    ...handing,
    call: "ask-in-vain",
    code: "ENGINE_COMPONENT_TRAP",
    details: { kind: "unreachable" },
  },
  {
    how: "the deadline while memory is allocated for an answer of the host",
    ...handing,
    call: "ask-for-ever",
    limits: { deadlineMs: 5 },
    code: "ENGINE_DEADLINE_EXCEEDED",
  },
  {
    how: "a result that lies outside its memory",
    ...handing,
    call: "give-outside",
    code: "ENGINE_COMPONENT_TRAP",
  },
  {
    how: "a trap while its result is freed",
    ...handing,
    call: "give-and-trap",
    code: "ENGINE_COMPONENT_TRAP",
    details: { kind: "unreachable" },
  },
  {
    how: "the deadline while its result is freed",
    ...handing,
    call: "give-and-spin",
    limits: { deadlineMs: 5 },
    code: "ENGINE_DEADLINE_EXCEEDED",
  },
  {
    how: "an exception of the host that unwinds it",
    component: "host",
    imports: {
      "test:host/api@1.0.0": { ...api, plain: () => JSON.parse("no JSON") },
      "": { beat: () => 1 },
    },
    call: "call-plain",
    args: [1],
    code: "ENGINE_HOST_FUNCTION",
    details: { cause: expect.any(SyntaxError) },
  },
  {
    how: "an exception of the host that it catches",
    component: "host",
    imports: {
      "test:host/api@1.0.0": { ...api, plain: () => JSON.parse("no JSON") },
      "": { beat: () => 1 },
    },
    call: "swallow",
    args: [1],
    code: "ENGINE_HOST_FUNCTION",
    details: { cause: expect.any(SyntaxError) },
  },
  {
    how: "a value of the host that is of another type, though it catches what comes of it",
    component: "deaths",
    imports: { "": { ask: () => 7 } },
    call: "ask-and-swallow",
    code: "ENGINE_HOST_FUNCTION",
    details: { message: expect.stringMatching(/^host function ask returned a wrong value: expected string/) },
  },
  { how: "exit", component: "wasi", call: "exit", args: [true], code: "ENGINE_EXIT", details: { status: 1 } },
  { how: "exit with success", component: "wasi", call: "exit", args: [false], code: "ENGINE_EXIT" },
  { how: "fuel", ...hostile, call: "spin", limits: { fuelPerCall: 10_000 }, code: "ENGINE_FUEL_EXHAUSTED" },
  { how: "a deadline", ...hostile, call: "spin", limits: { deadlineMs: 5 }, code: "ENGINE_DEADLINE_EXCEEDED" },
  { how: "its stack", ...hostile, call: "mutual", code: "ENGINE_STACK_DEPTH" },
  {
    how: "its memory",
    component: "memory",
    call: "bomb",
    limits: { memoryBytes: 4 * 65_536 },
    code: "ENGINE_MEMORY_LIMIT",
  },
  {
    how: "its tables",
    ...hostile,
    call: "table-bomb",
    limits: { tableElements: 5_002 },
    code: "ENGINE_TABLE_LIMIT",
  },
  {
    how: "its handles",
    component: "pollables",
    call: "hold",
    args: [1_000],
    limits: { handles: 10 },
    code: "ENGINE_HANDLE_LIMIT",
  },
];

/** An instance of any kind, behind promises. */
interface Victim {
  readonly isAlive: boolean;
  call(name: string, args?: readonly unknown[]): Promise<unknown>;
}

type Options = Pick<Death, "imports" | "limits">;

const KINDS: readonly (readonly [string, (component: PreparedComponent, options: Options) => Promise<Victim>])[] = [
  [
    "with synchronous calls",
    async (component, options) => {
      const instance = component.instantiate(options);
      return {
        get isAlive() {
          return instance.isAlive;
        },
        call: async (name, args) => instance.call(name, args),
      };
    },
  ],
  ["that does not yield", (component, options) => component.launch({ ...options, isolation: "shared", yields: false })],
  ["that yields", (component, options) => component.launch({ ...options, isolation: "shared" })],
];

describe.each(KINDS)("an instance %s", (_, make) => {
  for (const { how, component, call, args = [], imports: given = {}, limits = {}, code, details = {} } of DEATHS) {
    it(`dies of ${how}`, async () => {
      const victim = await make(await prepare(component), { imports: given, limits });
      const error = await rejectionOf(victim.call(call, args));
      expect(error).toMatchObject({ code, ...details });
      expect(victim.isAlive).toBe(false);
      const refusal = await rejectionOf(victim.call(call, args));
      expect(refusal).toBeInstanceOf(InstanceDeadError);
      expect(refusal).toMatchObject({ cause: error });
    });
  }

  it("leaves nothing of its death to the next one of its component", async () => {
    const component = await prepare("deaths");
    for (const call of ["take-in-vain", "give-and-trap", "ask-in-vain"]) {
      const victim = await make(component, { imports });
      await rejectionOf(victim.call(call, call === "take-in-vain" ? bytes : []));
      const next = await make(component, { imports });
      expect(await next.call("ask")).toEqual({ ok: true, value: undefined });
      expect(await next.call("fine")).toEqual({ ok: true, value: undefined });
    }
  });
});
