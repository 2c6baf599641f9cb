import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import {
  checkExport,
  exportNamespace,
  exportStore,
  importNamespace,
  importStore,
  type Namespace,
  openMemoryStore,
  openSqliteStore,
} from "../src/index.ts";
import { bytes, content } from "./bytes.ts";
import { rejection } from "./rejection.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

async function lines(source: AsyncIterable<string>): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const line of source) all.push(line);
  return all;
}

function orders(): Namespace {
  return openMemoryStore().namespace("orders");
}

/** A section with these lines between its header and an end that fits them. */
function section(entries: readonly string[], counted = entries.length, countedBytes = 2 * entries.length): string {
  const begun = ['{"format":"airssys-storage","version":1,"namespace":"orders"}', ...entries].map(
    (line) => `${line}\n`,
  );
  const sha256 = createHash("sha256").update(begun.join("")).digest("hex");
  return `${begun.join("")}{"entries":${counted},"bytes":${countedBytes},"sha256":"${sha256}"}\n`;
}

describe("an export", () => {
  it("is a line of JSON for the namespace, each entry in order, and the end", async () => {
    const from = orders();
    await from.set("b\u0000\n", bytes("1"));
    await from.set("a", Uint8Array.of(0, 255));
    const text = (await lines(exportNamespace(from))).join("");
    expect(text).toBe(section(['{"key":"a","value":"AP8="}', '{"key":"b\\u0000\\n","value":"MQ=="}'], 2, 7));
    expect(await checkExport([text])).toEqual([{ namespace: "orders", entries: 2, bytes: 7 }]);
  });

  it("of a namespace with nothing in it has a header and an end", async () => {
    expect((await lines(exportNamespace(orders()))).join("")).toBe(section([]));
  });

  it("is the namespace as it was when it began, whatever is written meanwhile", async () => {
    const from = orders();
    for (let index = 0; index < 200; index += 1) await from.set(`key-${index}`, bytes("old"));
    const exported: string[] = [];
    for await (const line of exportNamespace(from)) {
      exported.push(line);
      if (exported.length > 1 && exported.length < 150) {
        await from.delete(`key-${exported.length}`);
        await from.set(`new-${exported.length}`, bytes("new"));
      }
    }
    expect(await checkExport(exported)).toEqual([expect.objectContaining({ entries: 200 })]);
    expect(exported.filter((line) => line.includes("new-"))).toEqual([]);
  });

  it("of a store goes through a file into another store, with all its namespaces", async () => {
    using folder = new TemporaryFolder();
    await using from = await openSqliteStore(folder.file());
    const names = ["orders", "orders\u0000", "\u{1f600}"];
    for (const name of names) {
      const writes = Array.from({ length: 700 }, (_, index) => ({
        type: "set" as const,
        key: `${name}-${index}`,
        value: new Uint8Array(index).fill(index),
      }));
      await from.namespace(name).batch(writes);
    }
    await from.namespace("emptied").set("a", bytes("1"));
    await from.namespace("emptied").delete("a");
    await pipeline(Readable.from(exportStore(from)), createWriteStream(folder.file("export.jsonl")));
    const to = openMemoryStore();
    const summaries = await importStore(to, createReadStream(folder.file("export.jsonl"), { highWaterMark: 1000 }));
    expect(summaries.map(({ namespace, entries }) => [namespace, entries])).toEqual(names.map((name) => [name, 700]));
    for (const name of names) {
      expect(await content(to.namespace(name))).toEqual(await content(from.namespace(name)));
      expect(await to.namespace(name).usage()).toEqual(await from.namespace(name).usage());
    }
    expect((await to.listNamespaces()).keys).toEqual(names);
  });

  it("is read in pieces that end anywhere, also in the middle of a character", async () => {
    const text = section(['{"key":"ä\u{1f600}","value":"MQ=="}'], 1, 7);
    const all = new Uint8Array(Buffer.from(text));
    for (const size of [1, 2, 3, 7, 1000]) {
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
        all.slice(i * size, (i + 1) * size),
      );
      const to = orders();
      await importNamespace(to, pieces);
      expect(await content(to)).toEqual({ "ä\u{1f600}": "1" });
    }
    // A file whose last newline an editor took away.
    expect(await checkExport([text.trimEnd()])).toHaveLength(1);
  });
});

describe("an import", () => {
  it("writes nothing where there is something, unless it is to overwrite", async () => {
    const to = orders();
    await to.set("a", bytes("old"));
    await to.set("z", bytes("kept"));
    const text = section(['{"key":"a","value":"MQ=="}', '{"key":"b","value":"Mg=="}']);
    expect(await rejection(importNamespace(to, [text]))).toMatchObject({
      code: "STORAGE_IMPORT_STOPPED",
      line: 1,
      imported: 0,
      cause: { code: "STORAGE_NAMESPACE_NOT_EMPTY", keys: 2 },
    });
    expect(await content(to)).toEqual({ a: "old", z: "kept" });
    await importNamespace(to, [text], { existing: "overwrite" });
    expect(await content(to)).toEqual({ a: "1", b: "2", z: "kept" });
    const merge = { existing: "merge" };
    expect(await rejection(Reflect.apply(importNamespace, undefined, [to, [text], merge]))).toMatchObject({
      code: "STORAGE_INVALID_OPTION",
    });
  });

  it("overwrites nothing that comes while it runs", async () => {
    const to = orders();
    async function* source(): AsyncGenerator<string> {
      yield '{"format":"airssys-storage","version":1,"namespace":"orders"}\n';
      await to.set("b", bytes("came first"));
      yield section(['{"key":"a","value":"MQ=="}', '{"key":"b","value":"Mg=="}']).split("\n").slice(1).join("\n");
    }
    expect(await rejection(importNamespace(to, source()))).toMatchObject({
      line: 2,
      imported: 0,
      cause: { code: "STORAGE_NAMESPACE_NOT_EMPTY", keys: 1 },
    });
    expect(await content(to)).toEqual({ b: "came first" });
  });

  it("says how far it came when it stops in the middle, and has come exactly so far", async () => {
    const from = orders();
    for (let index = 0; index < 1300; index += 1) await from.set(`key-${String(index).padStart(4, "0")}`, bytes("1"));
    const exported = await lines(exportNamespace(from));
    for (const [broken, line, imported] of [
      [exported.slice(0, 1200), 1201, 1000],
      [exported.with(1100, "{}\n"), 1101, 1000],
      [exported.with(700, exported[700]?.replace("MQ==", "Mg==") ?? ""), 1302, 1000],
      [exported.toSpliced(700, 1), 1301, 1000],
      [[...exported, ...exported], 1303, 1300],
    ] as const) {
      const to = orders();
      const error = await rejection(importNamespace(to, broken));
      expect(error).toMatchObject({ code: "STORAGE_IMPORT_STOPPED", line, imported });
      expect(error).toMatchObject({ cause: { code: "STORAGE_INVALID_EXPORT", line } });
      expect((await to.usage()).keys).toBe(imported);
      const first = broken
        .slice(1, imported + 1)
        .map((each) => each.slice('{"key":"'.length, '{"key":"key-0000'.length));
      expect(Object.keys(await content(to))).toEqual(first);
    }
  });

  it("stops where the namespace takes no more", async () => {
    const entries = Array.from(
      { length: 600 },
      (_, index) => `{"key":"a${String(index).padStart(3, "0")}","value":""}`,
    );
    const text = section([...entries, '{"key":"b","value":"MTIzNDU2"}'], 601, 4 * 600 + 7);
    for (const [limits, line, imported, code] of [
      [{ quotaBytes: 2200 }, 502, 500, "STORAGE_QUOTA_EXCEEDED"],
      [{ maxValueBytes: 5 }, 602, 500, "STORAGE_VALUE_TOO_LARGE"],
      [{ maxKeyBytes: 3 }, 2, 0, "STORAGE_KEY_TOO_LARGE"],
    ] as const) {
      const to = openMemoryStore().namespace("orders", limits);
      const error = await rejection(importNamespace(to, [text]));
      expect(error).toMatchObject({ line, imported, cause: { code } });
      expect((await to.usage()).keys).toBe(imported);
    }
  });

  it("tells of a source that fails", async () => {
    using folder = new TemporaryFolder();
    const error = await rejection(importStore(openMemoryStore(), createReadStream(folder.file("none"))));
    expect(error).toMatchObject({ code: "STORAGE_IMPORT_STOPPED", imported: 0, cause: { code: "ENOENT" } });
  });
});

describe("a text that is no export", () => {
  const header = '{"format":"airssys-storage","version":1,"namespace":"orders"}';

  it.each<[string, string | Uint8Array, number]>([
    ["nothing", "", 1],
    ["an empty line", "\n", 1],
    ["a table", "key,value\na,1\n", 1],
    ["half a header", header.slice(0, 30), 1],
    ["a later version", header.replace("1", "2"), 1],
    ["another format", header.replace("airssys", "other"), 1],
    ["a header with more in it", header.replace("}", ',"and":1}'), 1],
    ["a header without a namespace", header.replace("orders", ""), 1],
    ["a namespace that is half a character", header.replace("orders", "\\ud800"), 1],
    ["a namespace that is no string", header.replace('"orders"', "7"), 1],
    ["a header and nothing else", `${header}\n`, 2],
    ["an array", `${header}\n[]\n`, 2],
    ["null", `${header}\nnull\n`, 2],
    ["an entry with more in it", `${header}\n{"key":"a","value":"","version":1}\n`, 2],
    ["an entry without a value", `${header}\n{"key":"a"}\n`, 2],
    ["an entry with a number", `${header}\n{"key":"a","value":1}\n`, 2],
    ["an empty key", `${header}\n{"key":"","value":""}\n`, 2],
    ["a key that is half a character", `${header}\n{"key":"\\udc00","value":""}\n`, 2],
    ["a key that is no string", `${header}\n{"key":["a"],"value":""}\n`, 2],
    ["a key that is too long", `${header}\n{"key":"${"a".repeat(65_537)}","value":""}\n`, 2],
    ["a value that is no Base64", `${header}\n{"key":"a","value":"%%%%"}\n`, 2],
    ["a value with its padding cut off", `${header}\n{"key":"a","value":"MQ"}\n`, 2],
    ["a value with bits that are lost", `${header}\n{"key":"a","value":"MR=="}\n`, 2],
    [
      "bytes that are no UTF-8",
      Buffer.concat([Buffer.from(`${header}\n{"key":"`), Uint8Array.of(0xff), Buffer.from('"}\n')]),
      2,
    ],
    ["a key that is there twice", `${header}\n{"key":"a","value":""}\n{"key":"a","value":""}\n`, 3],
    ["keys in another order", `${header}\n{"key":"\u{10000}","value":""}\n{"key":"\uffff","value":""}\n`, 3],
    ["an end that counts wrong", section(['{"key":"a","value":"MQ=="}'], 2), 3],
    ["an end that counts other bytes", section(['{"key":"a","value":"MQ=="}'], 1, 3), 3],
    ["an end with a number below 0", section([], -1), 2],
    ["an end of another section", section([]).replace("orders", "others"), 2],
    ["something behind the end", `${section([])}{"key":"a","value":""}\n`, 3],
    ["an empty line behind the end", `${section([])}\n`, 3],
  ])("is refused with its line: %s", async (_what, text, line) => {
    const error = await rejection(checkExport([text]));
    expect(error).toMatchObject({ code: "STORAGE_INVALID_EXPORT", line });
    const to = orders();
    expect(await rejection(importNamespace(to, [text]))).toMatchObject({ line, imported: 0 });
    expect(await to.usage()).toEqual({ keys: 0, bytes: 0 });
  });

  it("is not read further than the longest line there can be", async () => {
    let taken = 0;
    function* endless(): Generator<string> {
      for (;;) {
        taken += 1;
        yield "x".repeat(1_000_000);
      }
    }
    expect(await rejection(checkExport(endless()))).toMatchObject({ code: "STORAGE_INVALID_EXPORT", line: 1 });
    expect(taken).toBeLessThan(60);
  });

  it("may be one of which any byte was changed", async () => {
    const from = orders();
    for (const key of ["a", "b\u0000", "\u{1f600}"]) await from.set(key, bytes(`${key}1`));
    const text = new Uint8Array(Buffer.from((await lines(exportNamespace(from))).join("")));
    // The last newline may be missing; everything else counts.
    for (let index = 0; index < text.length - 1; index += 1) {
      const changed = text.with(index, (text[index] ?? 0) ^ 1);
      for (const broken of [changed, text.slice(0, index)]) {
        const error = await rejection(checkExport([broken]));
        expect(error, `at byte ${index}`).toMatchObject({ code: "STORAGE_INVALID_EXPORT" });
      }
    }
  });
});
