import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../examples/", import.meta.url));
const names = readdirSync(folder);

/** What the README says that the example prints. */
function promised(name: string): string {
  const readme = readFileSync(`${folder}${name}/README.md`, "utf8");
  return /^```text prints\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? "";
}

/** Figures that differ from run to run are written as `…` in a README. */
function pattern(prints: string): RegExp {
  const escaped = prints.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("…", "[0-9,.]+")}$`);
}

describe.each(names)("the example %s", (name) => {
  it("has a main.ts, a README and what it prints in it", () => {
    expect(existsSync(`${folder}${name}/main.ts`)).toBe(true);
    expect(promised(name)).not.toBe("");
  });

  it("prints what its README says", async () => {
    const child = spawn("node", [`${folder}${name}/main.ts`], { stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(pattern(promised(name)));
  });
});
