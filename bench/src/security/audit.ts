import { AuditLog } from "@airssys/security";
import { mkdir, mkdtempDisposable, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import type { Run, Subject, TimedWorkload } from "../workload.ts";

/** In the repository and not among temporary files: those are on no disk on some machines. */
const folders = fileURLToPath(new URL("../../.cache/security/", import.meta.url));

/** Decisions that are recorded before anybody waits for the disk. */
const TOGETHER = 1000;

const ENTRY = {
  component: "shop/order-parser",
  digest: `sha256:${"0".repeat(64)}`,
  right: "file.read",
  resource: "/data/tenant-7/in/orders/2026-11.csv",
  decision: "granted",
  reason: "a grant covers it",
  wouldRefuse: false,
  mode: "strict",
} as const;

interface Log {
  readonly record: () => void;
  readonly flush: () => Promise<void>;
  /** Lines on the disk, by what is there. */
  readonly lines: () => Promise<number>;
  readonly close: () => Promise<void>;
}

function subject(name: string, openLog: (folder: string) => Promise<Log>): Subject {
  return {
    name,
    open: async (): Promise<Run> => {
      await mkdir(folders, { recursive: true });
      const folder = await mkdtempDisposable(join(folders, "log-"));
      const log = await openLog(folder.path);
      let recorded = 0;
      return {
        run: async (operations) => {
          for (let done = 0; done < operations; done += TOGETHER) {
            for (let each = 0; each < TOGETHER; each += 1) log.record();
            await log.flush();
          }
          recorded += operations;
          return operations;
        },
        tidy: async () => {
          const lines = await log.lines();
          if (lines !== recorded) throw new Error(`${lines} of ${recorded} lines were written`);
        },
        close: async () => {
          await log.close();
          await folder.remove();
        },
      };
    },
  };
}

async function linesIn(file: string): Promise<number> {
  return (await readFile(file, "utf8")).split("\n").length - 1;
}

/** Operations are decisions recorded, a thousand before each wait until the disk has them all. */
export const audit: TimedWorkload = {
  suite: "security",
  name: "audit",
  unit: "us",
  operations: 10_000,
  multiple: TOGETHER,
  subjects: [
    subject("airssys", async (folder) => {
      const log = await AuditLog.open(folder, { maxFileBytes: 1e9 });
      return {
        record: () => log.record(ENTRY),
        flush: () => log.flush(),
        lines: () => linesIn(join(folder, "audit-00000001.jsonl")),
        close: () => log.close(),
      };
    }),
    // No chain, and no word from the disk.
    subject("pino", async (folder) => {
      const dest = join(folder, "log.jsonl");
      const destination = pino.destination({ dest, sync: false, minLength: 4096 });
      const logger = pino({ base: null }, destination);
      await new Promise((resolve) => destination.once("ready", resolve));
      return {
        record: () => logger.info(ENTRY),
        flush: () =>
          new Promise((resolve, reject) => destination.flush((error) => (error ? reject(error) : resolve()))),
        lines: () => linesIn(dest),
        close: async () => {
          destination.end();
        },
      };
    }),
    // Lines of JSON in one write, and the disk's word for it.
    subject("limit", async (folder) => {
      const file = join(folder, "log.jsonl");
      const handle = await open(file, "a");
      let waiting: string[] = [];
      return {
        record: () => void waiting.push(`${JSON.stringify(ENTRY)}\n`),
        flush: async () => {
          const text = waiting.join("");
          waiting = [];
          await handle.writeFile(text);
          await handle.datasync();
        },
        lines: () => linesIn(file),
        close: () => handle.close(),
      };
    }),
  ],
};
