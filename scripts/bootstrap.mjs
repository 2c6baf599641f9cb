// Sets up a fresh clone for `npm start` and `npm test`: plain JavaScript, because the Node that runs it may be too old for anything else.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = `${root}node_modules/.bootstrap`;
const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** What an install depends on: when none of it changed, there is nothing to do. */
function fingerprint() {
  const hash = createHash("sha256").update(`${packageManager} ${process.platform} ${process.arch}`);
  return hash.update(readFileSync(`${root}pnpm-lock.yaml`)).digest("hex");
}

const wanted = fingerprint();
const installed = existsSync(stampFile) ? readFileSync(stampFile, "utf8") : "";

if (installed !== wanted) {
  console.error("Setting up (once): installing dependencies and Node 24 …");
  const options = [
    "--yes",
    packageManager,
    "install",
    "--frozen-lockfile",
    "--reporter=append-only",
    "--loglevel=error",
  ];
  const { status, error } = spawnSync("npx", options, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: { ...process.env, CI: "true" },
  });
  if (status !== 0) {
    console.error(
      `Setting up failed: npx ${options.join(" ")} ended with ${error ? error.message : `status ${status}`}.`,
    );
    process.exit(1);
  }
  mkdirSync(`${root}node_modules`, { recursive: true });
  writeFileSync(stampFile, wanted);
}
