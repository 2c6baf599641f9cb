import { InvalidTopicError } from "./errors.ts";

/** Which topics a subscription is for. `*` is one segment; `#`, at the end, all that remain, which may be none. */
export class TopicPattern {
  readonly text: string;
  readonly isWild: boolean;
  readonly #segments: readonly string[];
  readonly #isOpen: boolean;

  /** @throws InvalidTopicError */
  constructor(text: string) {
    const segments = text.split(".");
    this.#isOpen = segments.at(-1) === "#";
    if (this.#isOpen) segments.pop();
    if (!segments.every((segment) => segment === "*" || isTopicSegment(segment))) {
      throw new InvalidTopicError(text, "a topic pattern: segments joined by `.`, with `*` for one and a final `#`");
    }
    this.text = text;
    this.isWild = this.#isOpen || segments.includes("*");
    this.#segments = segments;
  }

  matches(topic: string): boolean {
    const given = topic.split(".");
    const wanted = this.#segments;
    if (this.#isOpen ? given.length < wanted.length : given.length !== wanted.length) return false;
    return wanted.every((segment, index) => segment === "*" || segment === given[index]);
  }
}

/** @throws InvalidTopicError for what can be subscribed to, but not published to. */
export function checkTopic(name: string): void {
  if (!name.split(".").every(isTopicSegment)) {
    throw new InvalidTopicError(name, "a topic: segments joined by `.`, without `*` or `#`");
  }
}

function isTopicSegment(segment: string): boolean {
  return segment !== "" && !segment.includes("*") && !segment.includes("#");
}
