import type { LogLevel, LogSink } from "./actor-log.ts";
import type { EventStream } from "./event-stream.ts";

/** Has every failure noted in a log, so that none goes unseen; in `fields.error` is what was thrown. */
export function logFailures(events: EventStream, log: LogSink, stamp: () => number): void {
  const note = (level: LogLevel, path: string, message: string, fields: { readonly error?: unknown } = {}): void =>
    log({ level, path, message, fields, time: stamp() });

  events.on("actor-failed", ({ path, error }) => note("error", path, "failed", { error }));
  events.on("actor-killed", ({ path }) => note("warn", path, "was killed"));
  events.on("supervisor-failed", ({ path, child, restartCount, cause }) =>
    note("error", path, `gave up on ${child}, restarted ${restartCount} times`, { error: cause }),
  );
  events.on("pre-restart-failed", ({ path, error }) => note("error", path, "failed in preRestart", { error }));
  events.on("post-stop-failed", ({ path, error }) => note("error", path, "failed in postStop", { error }));
  events.on("interceptor-failed", ({ path, error }) =>
    note("error", path, "was sent nothing: an interceptor failed", { error }),
  );
  events.on("listener-failed", ({ path, event, error }) =>
    note("error", path, `had its ${event.type} heard by a listener that failed`, { error }),
  );
}
