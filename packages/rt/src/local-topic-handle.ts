import type { EnvelopeOptions } from "./envelope.ts";
import type { TopicHandle } from "./message-broker.ts";
import type { Topic } from "./topic.ts";
import type { TopicTable } from "./topic-table.ts";

type PublishTo = (topic: Topic, payload: unknown, options: EnvelopeOptions | undefined) => number;

/**
 * Keeps the topic that it found for as long as no subscription or quota has changed. The table knows nothing of its handles: so
 * there may be any number of them, and one that nobody holds any more is gone.
 */
export class LocalTopicHandle implements TopicHandle {
  readonly name: string;
  readonly #table: TopicTable;
  readonly #publishTo: PublishTo;
  #topic: Topic;
  #version: number;

  /** @throws InvalidTopicError */
  constructor(name: string, table: TopicTable, publishTo: PublishTo) {
    this.name = name;
    this.#table = table;
    this.#publishTo = publishTo;
    this.#topic = table.find(name);
    this.#version = table.version;
  }

  publish(payload: unknown, options?: EnvelopeOptions): number {
    if (this.#version !== this.#table.version) {
      this.#topic = this.#table.find(this.name);
      this.#version = this.#table.version;
    }
    return this.#publishTo(this.#topic, payload, options);
  }
}
