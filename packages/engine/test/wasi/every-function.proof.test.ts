import { describe, expect, it } from "vitest";
import { ExitError, type Instance, MemoryFileSystem, type WasiOptions } from "../../src/index.ts";
import { freshEngine, thrownBy } from "../fixtures.ts";
import { fromTypeScript } from "./toolchains.ts";

/* Every function of the interfaces, as a real guest calls them: what passes between the two is as the WIT types say. */

const component = freshEngine().prepare(await fromTypeScript("every-function"));

async function instantiate(wasi: WasiOptions = {}): Promise<Instance> {
  return (await component).instantiate({ wasi });
}

describe("a guest that calls every function", () => {
  it("is answered by the filesystem", async () => {
    const files = new MemoryFileSystem({ "a.txt": "alpha" }, { maxBytes: 10_000 });
    const instance = await instantiate({ preopens: [{ guestPath: "/files", files, access: "read-write" }] });
    expect(instance.call("files")).toEqual({
      ok: true,
      value: [
        'get-directories: ["/files"]',
        "open-at refused: not-permitted",
        'open-at creates: "regular-file"',
        "create-directory-at: nothing",
        "create-directory-at refused: exist",
        'get-flags: ["read","write"]',
        'get-type: ["regular-file","directory"]',
        "advise: nothing",
        "advise refused: is-directory",
        "write: 6",
        "write refused: is-directory",
        'read: ["LPH",false]',
        "read refused: is-directory",
        "set-size: nothing",
        "set-size refused: is-directory",
        "sync: nothing",
        "sync-data: nothing",
        "set-times: nothing",
        "set-times refused: overflow",
        "set-times-at: nothing",
        "set-times-at refused: no-entry",
        'stat: ["regular-file",5,1,3,2]',
        'stat-at: "directory"',
        "stat-at refused: no-entry",
        "link-at: nothing",
        "link-at refused: no-entry",
        "rename-at: nothing",
        "rename-at refused: no-entry",
        "symlink-at: nothing",
        "symlink-at refused: not-permitted",
        'readlink-at: "a.txt"',
        "readlink-at refused: invalid",
        "is-same-object: true",
        "metadata-hash: true",
        "metadata-hash-at refused: no-entry",
        "unlink-file-at: nothing",
        "unlink-file-at refused: is-directory",
        "remove-directory-at: nothing",
        "remove-directory-at refused: no-entry",
        'read-directory: ["a.txt regular-file","new regular-file","s symbolic-link"]',
        "read-directory refused: not-directory",
        'read-via-stream: "LPHA"',
        "read-via-stream refused: is-directory",
        "write-via-stream: nothing",
        "write-via-stream refused: is-directory",
        "append-via-stream: nothing",
        "append-via-stream refused: is-directory",
        "a full disk refused: last-operation-failed insufficient-space (file error: insufficient-space)",
        'the file: "AlPHA?"',
      ],
    });
    expect(Buffer.from(files.files().get("a.txt") ?? "").toString()).toBe("AlPHA?");
  });

  it("is answered by its standard streams", async () => {
    let [output, errors] = ["", ""];
    const instance = await instantiate({
      stdin: Buffer.from("abcdefghij"),
      stdout: (bytes) => (output += Buffer.from(bytes).toString()),
      stderr: (bytes) => (errors += Buffer.from(bytes).toString()),
    });
    expect(instance.call("streams")).toEqual({
      ok: true,
      value: [
        'read: "ab"',
        'blocking-read: "cd"',
        "skip: 1",
        "blocking-skip: 1",
        "check-write: true",
        "write: nothing",
        "flush: nothing",
        "blocking-flush: nothing",
        "blocking-write-and-flush: nothing",
        "write-zeroes: nothing",
        "blocking-write-zeroes-and-flush: nothing",
        "splice: 2",
        "blocking-splice: 2",
        "subscribe: [true,true]",
        "read refused: closed",
        "blocking-read refused: closed",
        "skip refused: closed",
        "blocking-skip refused: closed",
        "splice refused: closed",
        "blocking-splice refused: closed",
      ],
    });
    expect([output, errors]).toEqual(["one \0\0ghij", "two"]);
  });

  it("is answered by all else", async () => {
    const instance = await instantiate({
      args: ["a", "b"],
      env: { K: "v" },
      cwd: "/files",
      random: (length) => new Uint8Array(length).fill(0).fill(1, 0, 1),
      clock: { now: () => 5, monotonic: () => 7n },
    });
    expect(instance.call("surroundings")).toEqual({
      ok: true,
      value: [
        'arguments: ["a","b"]',
        'environment: [["K","v"]]',
        'initial-cwd: "/files"',
        "terminals: 0",
        "monotonic-clock: [7,1]",
        'wall-clock: [{"seconds":0,"nanoseconds":5000000},{"seconds":0,"nanoseconds":1000000}]',
        "block: nothing",
        "poll: [1]",
        "random: [[1,0],1]",
        "insecure: [[1,0],1]",
        "insecure-seed: [1,1]",
      ],
    });
  });

  it("leaves with the status it says", async () => {
    const instance = await instantiate();
    const error = thrownBy(() => instance.call("leave", [42]));
    expect(error).toBeInstanceOf(ExitError);
    expect(error).toMatchObject({ status: 42 });
  });
});
