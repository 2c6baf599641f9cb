import type { ActorRef, ActorSystem } from "@airssys/rt";
import { rawPayload, type ComponentMessage } from "@airssys/wasm";
import type { Line } from "./lines.ts";
import { decodeNumber } from "./report.ts";

/**
 * So many lines may be under way in the pipeline at once. Below the capacity of a mailbox (1000), so that none overflows
 * whichever component is slow or down; above the 500 lines after which the aggregator tells how far it is.
 */
const window = 900;

/** How the parser ends a line it cannot parse: it answers with an error, or it crashes. Either way the line is malformed. */
const malformedCodes: ReadonlySet<unknown> = new Set(["WASM_COMPONENT_REFUSED", "RT_ACTOR_CRASHED"]);

export interface Fed {
  readonly lines: number;
  readonly malformed: number;
}

/**
 * Sends every line to the parser, never more than the window ahead of the aggregator, and resolves when the parser is done with
 * the last. Rejects when the pipeline gave up.
 */
export async function feed(
  system: ActorSystem,
  parser: ActorRef<ComponentMessage>,
  lines: AsyncIterable<Line>,
  onProgress: (lines: number) => void,
): Promise<Fed> {
  let fed = 0;
  let parsing = 0;
  let malformed = 0;
  let aggregated = 0;
  let lostOnTheWay = 0;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => {};

  const changed = (): void => {
    onProgress(malformed + aggregated + lostOnTheWay);
    wake();
  };
  const until = async (isReached: () => boolean): Promise<void> => {
    while (failure === undefined && !isReached()) await new Promise<void>((resolve) => (wake = resolve));
    if (failure !== undefined) throw failure.error;
  };
  const parse = async (line: Uint8Array): Promise<void> => {
    parsing += 1;
    try {
      await parser.ask(rawPayload(line), { timeoutMs: 60_000 });
    } catch (error) {
      if (malformedCodes.has((error as { readonly code?: unknown }).code)) malformed += 1;
      else failure ??= { error };
    }
    parsing -= 1;
    changed();
  };

  const progress = system.spawn<Uint8Array>(() => ({
    receive: (payload) => {
      aggregated = decodeNumber(payload);
      changed();
    },
  }));
  using _progress = system.broker.subscribe("access-log.progress", progress);
  // A record between two components that is lost must not hold up the lines behind it. The host's own have no sender.
  using _losses = system.events.on("message-dead-lettered", ({ letter }) => {
    if (letter.envelope?.sender !== undefined) lostOnTheWay += 1;
    changed();
  });
  using _failures = system.events.on("supervisor-failed", ({ error }) => {
    failure = { error };
    changed();
  });

  for await (const line of lines) {
    fed += 1;
    if (line instanceof Uint8Array) void parse(line);
    else malformed += 1;
    await until(() => fed - malformed - aggregated - lostOnTheWay < window);
  }
  await until(() => parsing === 0);
  return { lines: fed, malformed };
}
