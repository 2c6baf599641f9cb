import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { Engine } from "../../src/index.ts";

// Guests come and go, on threads of their own and on this one, that call the host so often that V8 compiles how they call it.
const CALLS = 1_200;
const ROUNDS = 8;
const THREADS = 2;

const cacheDirectory = mkdtempSync(join(tmpdir(), "airssys-callers-"));
await using engine = new Engine({ cacheDirectory, workers: { most: THREADS, idle: 0 } });
// From now on, V8 tells of each collection of compiled code, and would begin one as soon as there is anything to collect.
for (const flag of ["--trace-wasm-code-gc", "--stress-wasm-code-gc", "--expose-gc"]) setFlagsFromString(flag);
const collect: () => void = runInNewContext("gc");

const component = await engine.prepare(
  await parse(`(component
    (import "take" (func $take (param "x" u32)))
    (core func $take-core (canon lower (func $take)))
    (core module $m
      (import "host" "take" (func $take (param i32)))
      (func (export "call") (param i32)
        (loop $again
          (call $take (local.get 0))
          (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
    (core instance $i (instantiate $m (with "host" (instance (export "take" (func $take-core))))))
    (func (export "call") (param "times" u32) (canon lift (core func $i "call"))))`),
);
rmSync(cacheDirectory, { recursive: true });
const imports = { "": { take: () => undefined } };

async function live(isolation: "shared" | "worker"): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await using instance = await component.launch({ isolation, imports });
    await instance.call("call", [CALLS]);
    if (isolation === "shared") collect();
  }
}

await Promise.all([live("shared"), ...Array.from({ length: THREADS }, () => live("worker"))]);
console.log("all guests are gone");
