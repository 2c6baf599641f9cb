import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActorSystem } from "@airssys/rt";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { guestLog } from "../src/guest-log.ts";
import { ComponentHost, logToStandardError, type GuestLogLine, type LevelLogger } from "../src/index.ts";
import { guest } from "./guests.ts";
import { manifestFor, script, Stage } from "./stage.ts";

/** What is written to standard error for a line. */
function written(line: Partial<GuestLogLine>): string {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  logToStandardError({
    component: "shop/till",
    correlationId: undefined,
    level: "info",
    message: "",
    fields: [],
    ...line,
  });
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join("");
  write.mockRestore();
  return text;
}

describe("a line on standard error", () => {
  it("has the level, the component, the message and the fields", () => {
    expect(
      written({
        level: "warn",
        message: "drawer is open",
        fields: [
          ["since", "10:15"],
          ["by", 'a "b"'],
        ],
      }),
    ).toBe('warn shop/till: drawer is open since="10:15" by="a \\"b\\""\n');
  });

  it("cannot forge another line, move the cursor or turn the direction of writing", () => {
    const message = "paid\nerror shop/bank: robbed\r\u001B[2J\u0007\u009B\u202E\u2066\u2028\u007F\u061C\u200B\uFEFF";
    const text = written({ message, fields: [["a\nb", "\u001Bc\u0085"]] });
    expect(text).toBe(
      "info shop/till: paid\\u000aerror shop/bank: robbed\\u000d\\u001b[2J\\u0007\\u009b\\u202e\\u2066\\u2028\\u007f\\u061c\\u200b\\ufeff" +
        ' a\\u000ab="\\u001bc\\u0085"\n',
    );
  });

  it("leaves every other text as it is", () => {
    expect(written({ message: "příliš 🙂 \\n" })).toBe("info shop/till: příliš 🙂 \\n\n");
  });
});

/** A logger that keeps what it was given, as pino's methods take it. */
function recordingLogger(): { readonly logger: LevelLogger; readonly records: unknown[] } {
  const records: unknown[] = [];
  const at =
    (level: string): LevelLogger["info"] =>
    (fields, message) =>
      void records.push({ level, fields, message });
  const logger = { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { logger, records };
}

describe("a logger of levels", () => {
  it("gets each line at its level, with the component and the message it was handling", async () => {
    const { logger, records } = recordingLogger();
    const stage = new Stage({}, { writeLog: logger });
    const puppet = await stage.spawn("puppet");
    const lines = ["log 0 zero", "log 1 one", "log 2 two", "log 3 three", "log 4 four"];
    await stage.system.broker.request(puppet, script(...lines), { correlationId: "order-7" });
    const fields = { component: "test/puppet", correlationId: "order-7" };
    expect(records).toEqual([
      { level: "trace", fields, message: "zero" },
      { level: "debug", fields, message: "one" },
      { level: "info", fields, message: "two" },
      { level: "warn", fields, message: "three" },
      { level: "error", fields, message: "four" },
    ]);
  });

  it("gets the fields of a component apart from those of the host", () => {
    const { logger, records } = recordingLogger();
    const line = { component: "shop/till", correlationId: undefined, level: "info", message: "open" } as const;
    const fields = [
      ["component", "shop/bank"],
      ["__proto__", "x"],
      ["by", "a"],
      ["by", "b"],
    ] as const;
    guestLog(logger)({ ...line, fields });
    expect(JSON.stringify(records)).toBe(
      '[{"level":"info","fields":{"component":"shop/till","fields":{"component":"shop/bank","__proto__":"x","by":["a","b"]}},"message":"open"}]',
    );
  });

  it("that knows no trace gets those lines as debug", () => {
    const { logger, records } = recordingLogger();
    const { trace: _, ...others } = logger;
    guestLog(others)({ component: "shop/till", correlationId: "c", level: "trace", message: "x", fields: [] });
    expect(records).toMatchObject([{ level: "debug", message: "x" }]);
  });
});

describe("a host without options", () => {
  it("keeps what it prepares in the user's cache, and logs to standard error", async () => {
    const system = new ActorSystem("plain");
    onTestFinished(() => system.shutdown());
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    vi.stubEnv("XDG_CACHE_HOME", new URL("../../../test/fixtures/guests/build/cache", import.meta.url).pathname);
    onTestFinished(() => {
      write.mockRestore();
      vi.unstubAllEnvs();
    });
    const manifest = manifestFor("puppet", { config: { codecs: "", at_init: "log 3 careful" } });
    const component = await new ComponentHost(system).install({ manifest, artifact: await guest("puppet") });
    await system.stop(system.spawn(component.start));
    expect(write).toHaveBeenCalledWith("warn test/puppet: careful\n");
  });

  it.each(["", "relative"])("never loads code from a folder that depends on where it was started: %j", async (set) => {
    const home = mkdtempSync(join(tmpdir(), "airssys-home-"));
    const system = new ActorSystem("plain");
    vi.stubEnv("XDG_CACHE_HOME", set);
    vi.stubEnv("HOME", home);
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      rmSync(home, { recursive: true });
      await system.shutdown();
    });
    await new ComponentHost(system).install({
      manifest: manifestFor("stranger", {}),
      artifact: await guest("stranger"),
    });
    expect(readdirSync(join(home, ".cache", "airssys", "prepared"))).not.toEqual([]);
    expect(existsSync(join(set, "airssys"))).toBe(false);
  });
});
