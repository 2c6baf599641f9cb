import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { type Attack, type Call, LITTLE_FUEL, SHORT } from "./attack.ts";

/*
 * Attacks by what a guest does once it runs.
 */

const MEBIBYTE = 2 ** 20;

/** What the guests of this folder import, from a host that does its part. */
const HOST = {
  "": {
    tick: (): void => undefined,
    name: (): string => "a name",
    fail: (): never => {
      throw new TypeError("the host has a bug");
    },
    hear: (): void => undefined,
    hearBytes: (): void => undefined,
  },
};

const NEVER_ENDING: readonly Call[] = [
  ["spin"],
  ["spin-on-a-table-of-branches"],
  ["spin-in-tail-calls"],
  ["spin-indirect"],
  ["spin-on-exceptions"],
  ["spin-on-exceptions-of-others"],
  ["flood-the-host"],
  ["fill"],
  ["copy"],
  ["fill-table"],
  ["copy-table"],
  ["grow-by-nothing"],
  ["grow-table-by-nothing"],
  ["double", 60],
  // In what the host calls by itself: to make room for an argument, for what a function of its own returned, and after an answer.
  ["spin-to-take", Uint8Array.of(1)],
  ["spin-for-a-name"],
  ["spin-after-giving"],
];

const endless: readonly Attack[] = NEVER_ENDING.flatMap((call): Attack[] => [
  {
    name: `never ends, without fuel: ${call[0]}`,
    guest: "runaway",
    calls: [call],
    imports: HOST,
    limits: LITTLE_FUEL,
    ends: "ENGINE_FUEL_EXHAUSTED",
  },
  {
    name: `never ends, without time: ${call[0]}`,
    guest: "runaway",
    calls: [call],
    imports: HOST,
    limits: SHORT,
    ends: "ENGINE_DEADLINE_EXCEEDED",
  },
]);

/** A component whose start function does this. */
const starting = (worst: string) => (): Promise<Uint8Array> =>
  parse(`(component
    (core module $m (memory 1) (tag $oops) (func $recurse (call $recurse)) (func $start ${worst}) (start $start))
    (core instance (instantiate $m)))`);

const START_SPIN = starting("(loop $again (br $again))");

const starts: readonly Attack[] = [
  {
    name: "never ends in its start function, without fuel",
    guest: START_SPIN,
    limits: LITTLE_FUEL,
    ends: "ENGINE_FUEL_EXHAUSTED",
  },
  {
    name: "never ends in its start function, without time",
    guest: START_SPIN,
    limits: SHORT,
    ends: "ENGINE_DEADLINE_EXCEEDED",
  },
  { name: "recurses in its start function", guest: starting("(call $recurse)"), ends: "ENGINE_STACK_DEPTH" },
  {
    name: "traps in its start function",
    guest: starting("unreachable"),
    ends: "ENGINE_COMPONENT_TRAP",
    error: { kind: "unreachable" },
  },
  {
    name: "throws in its start function",
    guest: starting("(throw $oops)"),
    ends: "ENGINE_COMPONENT_TRAP",
    error: { kind: "exception" },
  },
  {
    name: "grows without end in its start function",
    guest: starting("(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable"),
    limits: { memoryBytes: 4 * MEBIBYTE },
    ends: "ENGINE_MEMORY_LIMIT",
  },
];

const hungry = (name: string, call: Call, rest: Pick<Attack, "ends" | "limits" | "error">): Attack => ({
  name,
  guest: "hungry",
  calls: [call],
  ...rest,
});

const room = { memoryBytes: 16 * MEBIBYTE };

const memory: readonly Attack[] = [
  hungry("grows its memory until it is refused", ["grow-until-refused"], {
    limits: room,
    ends: "ENGINE_MEMORY_LIMIT",
    error: { limitBytes: room.memoryBytes },
  }),
  hungry("asks for four gigabytes at once", ["grow-at-once"], { limits: room, ends: "ENGINE_MEMORY_LIMIT" }),
  hungry("fills all the memory it gets", ["grow-and-fill"], { limits: room, ends: "ENGINE_MEMORY_LIMIT" }),
  hungry("fills all the memory it gets, without time", ["grow-and-fill"], {
    limits: { memoryBytes: 2 ** 30, deadlineMs: 1 },
    ends: "ENGINE_DEADLINE_EXCEEDED",
  }),
  hungry("takes all the memory it may have, and lives with it", ["grow-and-live-with-it"], {
    limits: room,
    ends: "answer",
  }),
  {
    name: "starts with more memory than it may have",
    guest: () => parse("(component (core module $m (memory 1000)) (core instance (instantiate $m)))"),
    limits: room,
    ends: "ENGINE_MEMORY_LIMIT",
  },
  {
    name: "has many small memories, and each grows",
    guest: () => {
      const instances = Array.from({ length: 90 }, () => "(core instance (instantiate $m))").join(" ");
      return parse(`(component (core module $m (memory 0) (func $grow (drop (memory.grow (i32.const 1000)))
        (if (i32.eq (memory.grow (i32.const 4)) (i32.const -1)) (then unreachable))) (start $grow)) ${instances})`);
    },
    limits: room,
    ends: "ENGINE_MEMORY_LIMIT",
  },
  {
    name: "starts with a table of ten million",
    guest: () => parse("(component (core module $m (table 10000000 funcref)) (core instance (instantiate $m)))"),
    ends: "ENGINE_TABLE_LIMIT",
  },
  hungry("grows its table until it is refused", ["grow-table-until-refused"], { ends: "ENGINE_TABLE_LIMIT" }),
  hungry("grows a table of references until it is refused", ["grow-other-table-until-refused"], {
    ends: "ENGINE_TABLE_LIMIT",
  }),
  hungry("asks for all the elements there can be", ["grow-table-at-once"], { ends: "ENGINE_TABLE_LIMIT" }),
];

const stack: readonly Attack[] = [
  hungry("recurses", ["recurse"], { ends: "ENGINE_STACK_DEPTH" }),
  hungry("recurses through a table", ["recurse-indirect"], { ends: "ENGINE_STACK_DEPTH" }),
  hungry("recurses with another", ["recurse-together"], { ends: "ENGINE_STACK_DEPTH" }),
  hungry("recurses with many locals", ["recurse-with-locals"], { ends: "ENGINE_STACK_DEPTH" }),
  hungry("recurses with handlers on its way", ["recurse-in-handlers"], { ends: "ENGINE_STACK_DEPTH" }),
  hungry("recurses with more on the stack than its locals", ["recurse-large"], { ends: "ENGINE_STACK_DEPTH" }),
  hungry("recurses deeper than V8 can, allowed to", ["recurse"], {
    limits: { stackDepth: 2 ** 31 - 1 },
    ends: "ENGINE_STACK_DEPTH",
    error: { cause: { kind: "stack-overflow" } },
  }),
  hungry("throws from deep down", ["recurse-and-throw", 5_000], {
    ends: "ENGINE_COMPONENT_TRAP",
    error: { kind: "exception" },
  }),
];

const swallowing = (name: string, call: string, rest: Pick<Attack, "ends" | "limits" | "error">): Attack => ({
  name,
  guest: "swallower",
  calls: [[call]],
  imports: HOST,
  ...rest,
});

const exceptions: readonly Attack[] = [
  swallowing("catches everything around a loop of another function", "spin", {
    limits: LITTLE_FUEL,
    ends: "ENGINE_FUEL_EXHAUSTED",
  }),
  swallowing("catches everything around a loop of its own", "spin-inside", {
    limits: LITTLE_FUEL,
    ends: "ENGINE_FUEL_EXHAUSTED",
  }),
  swallowing("catches everything around a loop, without time", "spin", {
    limits: SHORT,
    ends: "ENGINE_DEADLINE_EXCEEDED",
  }),
  swallowing("catches everything around a recursion", "recurse", { ends: "ENGINE_STACK_DEPTH" }),
  swallowing("catches everything around a recursion that V8 ends", "recurse", {
    limits: { stackDepth: 2 ** 31 - 1 },
    ends: "ENGINE_STACK_DEPTH",
    error: { cause: { kind: "stack-overflow" } },
  }),
  swallowing("catches everything around a trap", "trap", {
    ends: "ENGINE_COMPONENT_TRAP",
    error: { kind: "unreachable" },
  }),
  swallowing("catches what a function of the host throws", "fail", { ends: "ENGINE_HOST_FUNCTION" }),
  swallowing("catches what a function of the host throws, and asks again for ever", "fail-again-and-again", {
    limits: { deadlineMs: 1_000 },
    ends: "ENGINE_HOST_FUNCTION",
  }),
  swallowing("throws what nobody catches", "throw", { ends: "ENGINE_COMPONENT_TRAP", error: { kind: "exception" } }),
];

/** What the guest that drops is called with by a host that drops what it is handed. */
const THINGS = "test:hostile/things#";

const dropping = (name: string, calls: readonly Call[], rest: Pick<Attack, "ends" | "limits" | "error">): Attack => ({
  name,
  guest: "dropper",
  calls,
  ...rest,
});

const resources: readonly Attack[] = [
  dropping("never ends in a destructor that the host runs", [[`${THINGS}make-spinning`], ["nothing"]], {
    limits: SHORT,
    ends: "ENGINE_DEADLINE_EXCEEDED",
  }),
  dropping("never ends in a destructor that the host runs, without fuel", [[`${THINGS}make-spinning`], ["nothing"]], {
    limits: LITTLE_FUEL,
    ends: "ENGINE_FUEL_EXHAUSTED",
  }),
  dropping("traps in a destructor that the host runs", [[`${THINGS}make-trapping`], ["nothing"]], {
    ends: "ENGINE_COMPONENT_TRAP",
    error: { kind: "unreachable" },
  }),
  dropping("never ends in a destructor of its own", [["drop"]], { limits: SHORT, ends: "ENGINE_DEADLINE_EXCEEDED" }),
  dropping("hoards resources", [["hoard"]], { ends: "ENGINE_HANDLE_LIMIT" }),
  dropping("drops a handle that it does not have", [["drop-another", 7]], { ends: "ENGINE_COMPONENT_TRAP" }),
  dropping("drops handles that it does not have to hold more than it may", [["drop-and-hoard"]], {
    ends: "ENGINE_COMPONENT_TRAP",
  }),
  dropping("drops a handle that there cannot be", [["drop-another", 2 ** 32 - 1]], { ends: "ENGINE_COMPONENT_TRAP" }),
];

const waiting: readonly Attack[] = [
  {
    name: "calls a function of the host that never returns",
    guest: "runaway",
    calls: [["flood-the-host"]],
    imports: { "": { ...HOST[""], tick: () => new Promise(() => undefined) } },
    limits: SHORT,
    ends: "ENGINE_DEADLINE_EXCEEDED",
    error: { waitedFor: "tick" },
  },
  {
    name: "floods a function of the host that always promises",
    guest: "runaway",
    calls: [["flood-the-host"]],
    imports: { "": { ...HOST[""], tick: async () => undefined } },
    limits: SHORT,
    ends: "ENGINE_DEADLINE_EXCEEDED",
  },
  {
    name: "has the host call it while it calls the host",
    guest: "runaway",
    calls: [["flood-the-host"]],
    imports: (instance) => ({ "": { ...HOST[""], tick: () => instance()?.call("spin") } }),
    ends: "ENGINE_HOST_FUNCTION",
    error: { cause: { code: "ENGINE_REENTRANT_CALL" } },
  },
  {
    name: "calls the host while it is to make room",
    guest: "leaver",
    calls: [["take", "text"]],
    imports: HOST,
    ends: "answer",
  },
  {
    name: "calls the host after its answer",
    guest: "leaver",
    calls: [["give"]],
    imports: HOST,
    ends: "ENGINE_COMPONENT_TRAP",
  },
];

export const RUN_TIME_ATTACKS: readonly Attack[] = [
  ...endless,
  ...starts,
  ...memory,
  ...stack,
  ...exceptions,
  ...resources,
  ...waiting,
];
