// `pnpm check`: everything a change must pass before it is committed. Runs every step, so that one run shows all that is wrong.
import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const steps: readonly Step[] = [
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "types", command: ["tsc", "-b"] },
  { name: "lint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  { name: "wit types", command: ["node", "scripts/generate-wit-types.ts", "--check"] },
  { name: "architecture and unit tests", command: ["vitest", "run", "--project", "unit"] },
];

function run({ name, command }: Step): Promise<boolean> {
  const [program = "", ...rest] = command;
  const started = performance.now();
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve) => {
    const finish = (passed: boolean): void => {
      console.log(`${passed ? "ok    " : "FAILED"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      if (!passed) console.log(Buffer.concat(output).toString());
      resolve(passed);
    };
    child.on("error", (error) => {
      output.push(Buffer.from(`${program} did not start: ${error.message}\n`));
      finish(false);
    });
    child.on("close", (status) => finish(status === 0));
  });
}

let failed = 0;
for (const step of steps) {
  if (!(await run(step))) failed += 1;
}
console.log(failed === 0 ? "check passed" : `check failed: ${failed} of ${steps.length} steps`);
process.exitCode = failed === 0 ? 0 : 1;
