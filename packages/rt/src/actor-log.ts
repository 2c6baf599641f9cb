export type LogLevel = "debug" | "info" | "warn" | "error";

/** One thing that an actor noted. */
export interface LogRecord {
  readonly level: LogLevel;
  /** The actor that notes it, or that it is noted of. */
  readonly path: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Milliseconds since the Unix epoch, as the clock stamps them. */
  readonly time: number;
}

/** Where the notes of all actors of a system go, and those that the system makes of their failures. */
export type LogSink = (record: LogRecord) => void;

type Fields = Readonly<Record<string, unknown>>;

/** An actor's notes: with its path on them, and only if the system was given somewhere to put them. */
export interface ActorLog {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

const NO_FIELDS: Fields = Object.freeze({});

/** The log of one actor. Notes cost nothing but the call when there is no sink. */
export class PathLog implements ActorLog {
  readonly #owner: { readonly path: string };
  readonly #sink: LogSink | undefined;
  readonly #stamp: () => number;

  constructor(owner: { readonly path: string }, sink: LogSink | undefined, stamp: () => number) {
    this.#owner = owner;
    this.#sink = sink;
    this.#stamp = stamp;
  }

  debug(message: string, fields?: Fields): void {
    this.#note("debug", message, fields);
  }

  info(message: string, fields?: Fields): void {
    this.#note("info", message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.#note("warn", message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.#note("error", message, fields);
  }

  #note(level: LogLevel, message: string, fields: Fields = NO_FIELDS): void {
    this.#sink?.({ level, path: this.#owner.path, message, fields, time: this.#stamp() });
  }
}
