// `pnpm example <name> [arguments]`: runs examples/<name>/main.ts.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const names = readdirSync(examples).filter((name) => existsSync(`${examples}${name}/main.ts`));
const [name = "", ...rest] = process.argv.slice(2);

if (names.includes(name)) {
  const { status } = spawnSync(process.execPath, [`${examples}${name}/main.ts`, ...rest], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} else {
  console.error(name === "" ? "Which example?" : `There is no example "${name}".`);
  console.error(`pnpm example ${names.join(" | ")}`);
  process.exitCode = 2;
}
