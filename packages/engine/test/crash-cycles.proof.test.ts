import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import type { PreparedComponent } from "../src/index.ts";
import { freshEngine, rejectionOf, thrownBy } from "./fixtures.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

const engine = freshEngine();

/** Each memory takes some 8 GB of addresses, of which a process has 128 TB: without giving them back, fewer than half of the cycles work. */
const COMPONENT = `(component
  (import "note" (func $note (param "text" string)))
  (core module $lib (memory (export "memory") 1))
  (core instance $lib (instantiate $lib))
  (core func $note (canon lower (func $note) (memory (core memory $lib "memory"))))
  (core module $m
    (import "host" "note" (func $note (param i32 i32)))
    (memory 1)
    (func (export "crash") (call $note (i32.const 0) (i32.const 1000)) unreachable))
  (core instance $i (instantiate $m (with "host" (instance (export "note" (func $note))))))
  (core module $third (memory 1))
  (core instance (instantiate $third))
  (func (export "crash") (canon lift (core func $i "crash"))))`;

const MEMORIES = 3;
const CYCLES = 10_000;
const WARM_UP = 1_000;

/** What may be left of all cycles: less than one object for each. */
const TOLERATED_HEAP_BYTES = 32 * CYCLES;

const imports = { "": { note: () => undefined } };

const LIVES: readonly (readonly [string, (component: PreparedComponent) => Promise<unknown>])[] = [
  [
    "with synchronous calls",
    async (component) => {
      const instance = component.instantiate({ imports });
      return thrownBy(() => instance.call("crash"));
    },
  ],
  [
    "that yields",
    async (component) => {
      const instance = await component.launch({ imports });
      return rejectionOf(instance.call("crash"));
    },
  ],
];

/** What the heap holds once nobody can reach what is dead. */
async function heldBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await nextTurn();
  }
  return process.memoryUsage().heapUsed;
}

/** About how many memories hold addresses; none where nothing tells. */
function liveMemories(): number {
  if (process.platform !== "linux") return 0;
  const [, kilobytes] = /^VmSize:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) / (8 * 2 ** 20);
}

describe.each(LIVES)("an instance %s", (_, live) => {
  it(`leaves nothing when it crashes, ${CYCLES} times over`, async () => {
    const component = await engine.prepare(await parse(COMPONENT));
    let before = { heap: 0, memories: liveMemories() };
    for (let cycle = -WARM_UP; cycle < CYCLES; cycle += 1) {
      if (cycle === 0) before = { heap: await heldBytes(), memories: liveMemories() };
      expect(await live(component)).toMatchObject({ code: "ENGINE_COMPONENT_TRAP" });
    }
    const after = { heap: await heldBytes(), memories: liveMemories() };
    expect(after.heap - before.heap).toBeLessThan(TOLERATED_HEAP_BYTES);
    expect(after.memories - before.memories).toBeLessThan(10 * MEMORIES);
  });
});
