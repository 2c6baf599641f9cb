import { spawn } from "node:child_process";
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** What the ` ```text output ` fence right below it says that it prints; undefined when there is none. */
  readonly prints: string | undefined;
  /** What a ` ```text stderr ` fence below says that it writes to standard error; nothing when there is none. */
  readonly complains: string;
}

function snippets(file: string): Snippet[] {
  const text = readFileSync(join(root, file), "utf8");
  const fences =
    /^```ts run\n([\s\S]*?)^```\n(?:\s*```text output\n([\s\S]*?)^```\n)?(?:\s*```text stderr\n([\s\S]*?)^```)?/gm;
  return [...text.matchAll(fences)].map((match) => ({
    file,
    line: text.slice(0, match.index).split("\n").length,
    code: match[1] ?? "",
    prints: match[2],
    complains: match[3] ?? "",
  }));
}

/** What differs from machine to machine is written as `…`. */
function pattern(text: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("…", ".+")}$`);
}

const documents = globSync(["*.md", "packages/*/*.md", "examples/*/*.md"], { cwd: root }).toSorted();
const all = documents.flatMap(snippets);

// Extracted beside the document, because that is where its imports resolve as a reader's would.
const extracted = all.map((snippet) => {
  const directory = join(root, dirname(snippet.file), "build", "docs");
  return { ...snippet, path: join(directory, `${snippet.file.replaceAll("/", "-")}-${snippet.line}.ts`) };
});

function run(
  program: string,
  args: readonly string[],
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

beforeAll(() => {
  for (const { path, code } of extracted) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
});

afterAll(() => {
  for (const { path } of extracted) rmSync(path, { force: true });
});

describe("documentation", () => {
  it("has a running example in the README of the repository and of every package", () => {
    const readmes = ["README.md", ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`)];
    const withExample = new Set(all.map(({ file }) => file));
    expect(readmes.filter((file) => !withExample.has(file))).toEqual([]);
  });

  it("type-checks", async () => {
    const project = join(root, "test", "build", "docs.tsconfig.json");
    mkdirSync(dirname(project), { recursive: true });
    const compilerOptions = {
      noEmit: true,
      composite: false,
      declarationMap: false,
      isolatedDeclarations: false,
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
      types: ["node"],
      lib: ["ES2024", "ESNext.Disposable"],
    };
    writeFileSync(
      project,
      JSON.stringify({
        extends: "../../tsconfig.json",
        compilerOptions,
        files: extracted.map(({ path }) => path),
        references: [],
      }),
    );
    expect(await run("tsc", ["-p", project])).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it.each(extracted.map((snippet) => [`${snippet.file}:${snippet.line}`, snippet] as const))(
    "runs: %s",
    async (_name, snippet) => {
      const { status, stdout, stderr } = await run("node", [snippet.path]);
      expect(`${stderr}${status === 0 ? "" : `exit status ${status}`}`).toMatch(pattern(snippet.complains));
      expect(stdout).toBe(snippet.prints ?? stdout);
    },
  );

  it("links only to files that exist", () => {
    const broken = documents.flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8").replaceAll(/^```[\s\S]*?^```/gm, "");
      return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map((match) => match[1] ?? "")
        .filter((target) => globSync(target, { cwd: join(root, dirname(file)) }).length === 0)
        .map((target) => `${file}: ${relative(root, join(dirname(file), target))}`);
    });
    expect(broken).toEqual([]);
  });
});
