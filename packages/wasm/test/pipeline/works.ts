import { ActorSystem, refuse, type ActorSystemOptions } from "@airssys/rt";
import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { onTestFinished } from "vitest";
import {
  rawPayload,
  startPipeline,
  type Pipeline,
  type PipelineInput,
  type PipelineOptions,
  type PushOutcome,
  type StageActor,
} from "../../src/index.ts";
import { textOf } from "../stage.ts";

/** A text as a payload. */
export function text(words: string): ReturnType<typeof rawPayload> {
  return rawPayload(new TextEncoder().encode(words));
}

/** A plain actor that makes one text of another, or nothing. */
export function transform(
  work: (words: string, headers: Readonly<Record<string, string>>) => string | undefined | Promise<string | undefined>,
): StageActor {
  return () => ({
    receive: (payload, { envelope }) => {
      const made = work(textOf(payload), envelope?.headers ?? {});
      return made instanceof Promise ? made.then(reply) : reply(made);
    },
  });
}

/** A plain actor that says no. */
export function refuser(why: string): StageActor {
  return () => ({ receive: () => refuse(new RangeError(why)) });
}

function reply(words: string | undefined): Uint8Array | undefined {
  return words === undefined ? undefined : text(words);
}

/** A pipeline of plain actors on a virtual clock, with what has left it. */
export class Works {
  readonly clock = new VirtualClock();
  readonly system: ActorSystem;
  readonly events: EventRecorder;
  readonly outputs: string[] = [];
  readonly outcomes: PushOutcome[] = [];

  constructor(options: ActorSystemOptions = {}) {
    this.system = new ActorSystem("test", { clock: this.clock, random: () => 0.5, ...options });
    this.events = new EventRecorder(this.system);
    onTestFinished(async () => {
      const stopping = this.system.shutdown();
      await this.clock.advance(60_000);
      await stopping;
    });
  }

  /** Keeps the texts of what leaves it, unless there are other options. */
  start(
    input: PipelineInput,
    actors: Record<string, StageActor>,
    options: PipelineOptions = { onOutput: ({ payload }) => void this.outputs.push(textOf(payload)) },
  ): Promise<Pipeline> {
    return startPipeline(this.system, input, { actors, ...options });
  }

  /** Pushes texts as there is room, and keeps what becomes of them. */
  async push(pipeline: Pipeline, ...texts: readonly string[]): Promise<void> {
    for (const words of texts) {
      const { outcome } = await pipeline.push(text(words));
      void outcome.then((one) => this.outcomes.push(one));
    }
  }

  settled(): Promise<void> {
    return settled(this.system);
  }
}
