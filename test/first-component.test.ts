import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = join(root, "packages/guest/FIRST-COMPONENT.md");

/** A fence that says what to do with it: a file to save under that name, `run`, or what was printed. */
interface Step {
  readonly label: string;
  readonly text: string;
}

async function steps(): Promise<readonly Step[]> {
  const fences = (await readFile(page, "utf8")).matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```/gm);
  return Array.from(fences, ([, label = "", text = ""]) => ({ label, text }));
}

describe.skipIf(process.platform === "win32")("the page on the first component", () => {
  it("works as it says, in an empty folder", async () => {
    const folder = await mkdtemp(join(tmpdir(), "airssys-first-"));
    const done: string[] = [];
    const printings: { readonly printed: string; readonly promised: string }[] = [];
    try {
      let printed = "";
      for (const { label, text } of await steps()) {
        done.push(label);
        if (label === "prints") printings.push({ printed, promised: text });
        else if (label === "run") {
          const options = { cwd: folder, env: { ...process.env, AIRSSYS: root } };
          ({ stdout: printed } = await promisify(execFile)("sh", ["-ec", text], options));
        } else await writeFile(join(folder, label), text);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    expect(printings.map(({ printed }) => printed)).toEqual(printings.map(({ promised }) => promised));
    expect(done).toEqual(["run", "run", "greeter.test.ts", "run", "main.ts", "run", "prints"]);
  });
});
