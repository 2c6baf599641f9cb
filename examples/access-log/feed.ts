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

/** Feeds lines to the parser, and knows what became of each: malformed, counted by the aggregator, or lost on the way there. */
export class Feed {
  lines = 0;
  malformed = 0;
  /** Of the parser and the classifier, which hold nothing between two lines. */
  restarts = 0;
  /** By reason. */
  readonly deadLetters = new Map<string, number>();
  readonly #parser: ActorRef<ComponentMessage>;
  readonly #onProgress: (done: number) => void;
  #parsing = 0;
  #aggregated = 0;
  #lost = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(system: ActorSystem, parser: ActorRef<ComponentMessage>, onProgress: (done: number) => void) {
    this.#parser = parser;
    this.#onProgress = onProgress;
    const progress = system.spawn<Uint8Array>(() => ({
      receive: (payload) => {
        this.#aggregated = decodeNumber(payload);
        this.#changed();
      },
    }));
    system.broker.subscribe("access-log.progress", progress);
    // A record lost between two components must not hold up the lines behind it. The host's own messages have no sender.
    system.events.on("message-dead-lettered", ({ letter }) => {
      this.deadLetters.set(letter.reason, (this.deadLetters.get(letter.reason) ?? 0) + 1);
      if (letter.envelope?.sender !== undefined) this.#lost += 1;
      this.#changed();
    });
    system.events.on("actor-restarted", ({ path }) => {
      this.restarts += 1;
      // What the aggregator counted dies with it.
      if (path.endsWith("/aggregate")) this.#fail(new Error("the aggregator crashed, and what it had counted is lost"));
    });
    system.events.on("supervisor-failed", ({ error }) => this.#fail(error));
  }

  /**
   * Sends every line, never more than the window ahead of the aggregator, and resolves when the parser is done with the last.
   * Rejects when the pipeline gave up.
   */
  async all(lines: AsyncIterable<Line>): Promise<void> {
    for await (const line of lines) {
      this.lines += 1;
      if (line instanceof Uint8Array) void this.#parse(line);
      else this.malformed += 1;
      await this.#until(() => this.lines - this.#done < window);
    }
    await this.#until(() => this.#parsing === 0);
  }

  get #done(): number {
    return this.malformed + this.#aggregated + this.#lost;
  }

  async #parse(line: Uint8Array): Promise<void> {
    this.#parsing += 1;
    try {
      await this.#parser.ask(rawPayload(line), { timeoutMs: 60_000 });
    } catch (error) {
      if (error instanceof Error && "code" in error && malformedCodes.has(error.code)) this.malformed += 1;
      else this.#fail(error);
    }
    this.#parsing -= 1;
    this.#changed();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#changed();
  }

  #changed(): void {
    this.#onProgress(this.#done);
    this.#wake?.();
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (this.#failure === undefined && !isReached()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
