import { printManifest, defineManifest } from "@airssys/security";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { ArtifactUnreadableError } from "../src/index.ts";
import { guest } from "./guests.ts";
import { manifestFor, rejection, Stage } from "./stage.ts";

/** A folder with a Component.toml for `artifact`, and the way to write beside it. */
async function folderFor(artifact: string): Promise<{ folder: string; manifest: string }> {
  const folder = await mkdtemp(join(tmpdir(), "airssys-source-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const plugin = join(folder, "plugin");
  await mkdir(plugin);
  const input = manifestFor("stranger", { messaging: {} });
  const manifest = join(plugin, "Component.toml");
  await writeFile(manifest, printManifest(defineManifest({ ...input, component: { ...input.component, artifact } })));
  return { folder: plugin, manifest };
}

describe("a component in a folder", () => {
  it("is installed by the path or the URL of its Component.toml", async () => {
    const { folder, manifest } = await folderFor("build/stranger.wasm");
    await mkdir(join(folder, "build"));
    await writeFile(join(folder, "build/stranger.wasm"), await guest("stranger"));
    expect((await new Stage().host.install(manifest)).address).toBe("test/stranger");
    expect((await new Stage().host.install(pathToFileURL(manifest))).address).toBe("test/stranger");
  });

  it("may be reached through links, as long as the artifact is in the folder of the manifest", async () => {
    const { folder, manifest } = await folderFor("stranger.wasm");
    await writeFile(join(folder, "real.wasm"), await guest("stranger"));
    await symlink("real.wasm", join(folder, "stranger.wasm"));
    const link = `${folder}-link`;
    await symlink(folder, link);
    expect((await new Stage().host.install(join(link, "Component.toml"))).address).toBe("test/stranger");
    expect((await new Stage().host.install(manifest)).address).toBe("test/stranger");
  });

  it("names the file, line and column of what is wrong in it", async () => {
    const { manifest } = await folderFor("stranger.wasm");
    await writeFile(manifest, '[component]\nname = "Stranger"\n');
    const error = await rejection(new Stage().host.install(manifest));
    expect(error).toMatchObject({ code: "SECURITY_MANIFEST_INVALID" });
    expect((error as Error).message).toContain(`${manifest}:2:8: component.name`);
  });
});

describe("an artifact that cannot be read", () => {
  it("is told with its path and the cause", async () => {
    const { folder, manifest } = await folderFor("stranger.wasm");
    const error = await rejection(new Stage().host.install(manifest));
    expect(error).toBeInstanceOf(ArtifactUnreadableError);
    expect(error).toMatchObject({
      code: "WASM_ARTIFACT_UNREADABLE",
      file: join(folder, "stranger.wasm"),
      message: `${join(folder, "stranger.wasm")}: cannot be read (ENOENT)`,
      cause: { code: "ENOENT" },
    });
    expect(await rejection(new Stage().host.install(join(folder, "Other.toml")))).toMatchObject({
      code: "WASM_ARTIFACT_UNREADABLE",
    });
  });

  it("is one to which a link leads outside the folder", async () => {
    const { folder, manifest } = await folderFor("inner/stranger.wasm");
    await writeFile(join(folder, "../outside.wasm"), await guest("stranger"));
    await mkdir(join(folder, "inner"));
    await symlink("../../outside.wasm", join(folder, "inner/stranger.wasm"));
    expect(await rejection(new Stage().host.install(manifest))).toMatchObject({
      code: "WASM_ARTIFACT_UNREADABLE",
      message: expect.stringContaining("is a link that leads outside the manifest's folder"),
    });
    await rm(join(folder, "inner"), { recursive: true });
    await mkdir(`${folder}-beside`);
    await writeFile(`${folder}-beside/stranger.wasm`, await guest("stranger"));
    await symlink("../plugin-beside", join(folder, "inner"));
    expect(await rejection(new Stage().host.install(manifest))).toMatchObject({ code: "WASM_ARTIFACT_UNREADABLE" });
  });

  it("is a folder, a device or a pipe, which might never end", async () => {
    const { folder, manifest } = await folderFor("stranger.wasm");
    await mkdir(join(folder, "stranger.wasm"));
    expect(await rejection(new Stage().host.install(manifest))).toBeInstanceOf(ArtifactUnreadableError);
    await rm(join(folder, "stranger.wasm"), { recursive: true });
    execFileSync("mkfifo", [join(folder, "stranger.wasm")]);
    expect(await rejection(new Stage().host.install(manifest))).toMatchObject({
      code: "WASM_ARTIFACT_UNREADABLE",
      message: expect.stringContaining("is not a file"),
    });
    expect(await rejection(new Stage().host.install("/dev/zero"))).toBeInstanceOf(ArtifactUnreadableError);
  });

  it("is larger than the engine takes, and is not read", async () => {
    const { folder, manifest } = await folderFor("stranger.wasm");
    await writeFile(join(folder, "stranger.wasm"), "");
    await truncate(join(folder, "stranger.wasm"), 2 ** 40);
    expect(await rejection(new Stage().host.install(manifest))).toMatchObject({
      code: "WASM_ARTIFACT_UNREADABLE",
      message: expect.stringContaining("has 1099511627776 bytes, more than 67108864"),
    });
  });
});
