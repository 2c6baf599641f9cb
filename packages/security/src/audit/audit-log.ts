import type { KeyObject } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { type Now, wallTime } from "../clock.ts";
import type { AuditEntry, AuditTrail } from "./audit-entry.ts";
import { AuditLogCorruptError, AuditWriteError } from "./audit-errors.ts";
import { type AuditFile, auditFile, auditFiles, readAuditText } from "./audit-files.ts";
import { readHead, writeHead } from "./audit-head.ts";
import { CHAIN_START, type ChainLink, readLine, renderLine, shortened } from "./audit-line.ts";

export interface AuditLogOptions {
  /** Makes lines that nobody without it can forge. Use the same one for a log's whole life. */
  readonly key?: KeyObject;
  /** Lines that wait to be written before no more are taken: 10,000 unless given. */
  readonly maxWaiting?: number;
  /** The size from which on a new file is begun: 10 MiB unless given. */
  readonly maxFileBytes?: number;
  /** How many files are kept, at least one; all unless given. */
  readonly maxFiles?: number;
  readonly now?: Now;
  /** Told when the log cannot be written, once until it can be again. Must not throw. */
  readonly onFailure?: (error: AuditWriteError) => void;
}

/** Lines written together at most. */
const BATCH = 1000;

interface Waiting {
  readonly entry: AuditEntry;
  readonly time: number;
}

/** Where writing goes on. */
interface Position {
  readonly file: AuditFile;
  /** Bytes of the file that are known to be whole. */
  readonly size: number;
  readonly end: ChainLink;
}

/**
 * An append-only log of decisions, each line chained to the one before. Recording never waits: lines are written behind it, in order,
 * many at once. One process at a time writes a log.
 */
export class AuditLog implements AuditTrail {
  readonly #folder: string;
  readonly #options: AuditLogOptions;
  readonly #now: Now;
  #waiting: Waiting[] = [];
  #position: Position;
  /** The line before the first in each file that is kept, oldest first. */
  readonly #starts: Map<number, ChainLink>;
  #handle: FileHandle | undefined;
  #writing: Promise<void> | undefined;
  #failure: AuditWriteError | undefined;
  #unrecorded = 0;
  #isClosed = false;

  private constructor(folder: string, options: AuditLogOptions, position: Position, starts: Map<number, ChainLink>) {
    this.#folder = folder;
    this.#options = options;
    this.#now = options.now ?? wallTime;
    this.#position = position;
    this.#starts = starts;
  }

  /**
   * Opens the log in a folder, or begins one there. A line that a crash left unfinished is removed, and the log says so.
   * @throws AuditLogCorruptError when the end of the log is not as it was left
   */
  static async open(folder: string, options: AuditLogOptions = {}): Promise<AuditLog> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { key } = options;
    const head = await readHead(folder, key);
    const first = typeof head === "object" ? head.first : 1;
    const files = (await auditFiles(folder)).filter(({ number }) => number >= first);
    const last = files.at(-1);
    const fail = (reason: string): never => {
      throw new AuditLogCorruptError(folder, reason);
    };
    if (head === "forged") return fail("its head was not written with this key");
    if (!last) {
      if (head) return fail("its files are gone");
      return new AuditLog(
        folder,
        options,
        { file: auditFile(folder, 1), size: 0, end: CHAIN_START },
        new Map([[1, CHAIN_START]]),
      );
    }
    if (!head) return fail("it has no head");
    const starts = new Map<number, ChainLink>();
    let end = head.start;
    let size = 0;
    let unfinished = 0;
    for (const [index, file] of files.entries()) {
      if (file.number !== first + index) return fail(`a file before ${file.name} is gone`);
      starts.set(file.number, end);
      const { lines, rest } = await readAuditText(file);
      for (const text of lines) {
        const read = readLine(text, key);
        if (!read?.isSound || read.line.previous !== end.hash) return fail(`${file.name} has a line that is not sound`);
        end = read.link;
      }
      if (rest !== "" && file !== last) return fail(`${file.name} has an unfinished line`);
      size = Buffer.byteLength(lines.map((line) => `${line}\n`).join(""));
      unfinished = Buffer.byteLength(rest);
    }
    if (end.sequence < head.end.sequence)
      return fail(`it ends with line ${end.sequence}, and had ${head.end.sequence}`);
    const log = new AuditLog(folder, options, { file: last, size, end }, starts);
    if (unfinished > 0) log.record(recovery(last, unfinished));
    return log;
  }

  /** Decisions that were not taken down, because the log could not be written or was too far behind. */
  get unrecorded(): number {
    return this.#unrecorded;
  }

  /** Lines that are not written yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Why the log cannot be written; undefined while it can. */
  get failure(): AuditWriteError | undefined {
    return this.#failure;
  }

  /** The last line that is on the disk. Keep it elsewhere to be able to prove that the log's end was not cut off. */
  get end(): ChainLink {
    return this.#position.end;
  }

  record(entry: AuditEntry): boolean {
    const isTaken = !this.#isClosed && !this.#failure && this.#waiting.length < (this.#options.maxWaiting ?? 10_000);
    if (isTaken) this.#waiting.push({ entry: shortened(entry), time: this.#now() });
    else this.#unrecorded += 1;
    // After a failure each further decision has it tried again, so that the log goes on by itself when it can.
    this.#writing ??= this.#write();
    return isTaken;
  }

  /** Resolves when all that was recorded is on the disk. @throws AuditWriteError when it cannot be written */
  async flush(): Promise<void> {
    this.#writing ??= this.#write();
    await this.#writing;
    if (this.#failure) throw this.#failure;
  }

  /** Writes what waits, and takes no more. @throws AuditWriteError when it cannot be written */
  async close(): Promise<void> {
    this.#isClosed = true;
    try {
      await this.flush();
    } finally {
      await this.#handle?.close();
      this.#handle = undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #write(): Promise<void> {
    // Recording is left in peace: rendering begins in a turn of its own.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting.slice(0, BATCH);
        this.#position = await this.#append(batch);
        this.#waiting = this.#waiting.slice(batch.length);
        this.#failure = undefined;
      }
    } catch (error) {
      const isNew = this.#failure === undefined;
      this.#failure = new AuditWriteError(this.#folder, { cause: error });
      // That it cannot be closed either says nothing new.
      await this.#handle?.close().catch(() => undefined);
      this.#handle = undefined;
      if (isNew) this.#options.onFailure?.(this.#failure);
    } finally {
      this.#writing = undefined;
    }
  }

  async #append(batch: readonly Waiting[]): Promise<Position> {
    const { key, maxFileBytes = 10 * 1024 ** 2 } = this.#options;
    const isFull = this.#position.size >= maxFileBytes;
    const { file, size, end: start } = isFull ? await this.#nextFile() : this.#position;
    let end = start;
    const lines = batch.map(({ entry, time }) => {
      const { text, link } = renderLine(entry, time, end, key);
      end = link;
      return text;
    });
    const bytes = Buffer.from(lines.join(""));
    const handle = this.#handle ?? (await this.#openFile(file, size));
    await handle.writeFile(bytes);
    await handle.datasync();
    await this.#removeOldFiles(end);
    return { file, size: size + bytes.length, end };
  }

  async #openFile(file: AuditFile, size: number): Promise<FileHandle> {
    const handle = await open(file.path, "a", 0o600);
    this.#handle = handle;
    // What an attempt that failed left behind, or a crash.
    await handle.truncate(size);
    return handle;
  }

  async #nextFile(): Promise<Position> {
    await this.#handle?.close();
    this.#handle = undefined;
    const { file, end } = this.#position;
    const next = auditFile(this.#folder, file.number + 1);
    this.#starts.set(next.number, end);
    return { file: next, size: 0, end };
  }

  /** The head is written first: a file that is there beyond it is a leftover, one that is missing a loss. */
  async #removeOldFiles(end: ChainLink): Promise<void> {
    const { key, maxFiles = Infinity } = this.#options;
    const numbers = [...this.#starts.keys()];
    const old = numbers.slice(0, Math.max(0, numbers.length - Math.max(1, maxFiles)));
    const kept = numbers[old.length] ?? 1;
    await writeHead(this.#folder, { first: kept, start: this.#starts.get(kept) ?? CHAIN_START, end }, key);
    for (const number of old) {
      await rm(auditFile(this.#folder, number).path, { force: true });
      this.#starts.delete(number);
    }
  }
}

function recovery(file: AuditFile, bytes: number): AuditEntry {
  return {
    component: "host",
    digest: "",
    right: "audit",
    resource: file.name,
    decision: "granted",
    reason: `${bytes} bytes of an unfinished line were removed`,
    wouldRefuse: false,
    mode: "strict",
  };
}
