import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { Engine } from "../../src/index.ts";

// A host that disposes of nothing: neither of its instance nor of its engine.
const cacheDirectory = mkdtempSync(join(tmpdir(), "airssys-forgetful-"));
const engine = new Engine({ cacheDirectory });
const component = await engine.prepare(
  await parse(`(component
    (import "wait" (func $wait (param "x" u32) (result u32)))
    (core func $wait-core (canon lower (func $wait)))
    (core module $m
      (import "host" "wait" (func $wait (param i32) (result i32)))
      (func (export "ask") (param i32) (result i32) (call $wait (local.get 0))))
    (core instance $i (instantiate $m (with "host" (instance (export "wait" (func $wait-core))))))
    (func (export "ask") (param "x" u32) (result u32) (canon lift (core func $i "ask"))))`),
);
rmSync(cacheDirectory, { recursive: true });
// The pause itself keeps nothing alive.
const wait = (x: number): Promise<number> => pause(50, x + 1, { ref: false });
const instance = await component.launch({ isolation: "worker", imports: { "": { wait } } });
const answer = await instance.call("ask", [2]);
console.log(`answered ${String(Reflect.get(answer, "value"))} after a pause`);
