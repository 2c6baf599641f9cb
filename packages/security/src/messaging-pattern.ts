const NAME = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*";
const TOPIC_SEGMENT = "[A-Za-z0-9_-]+";

/** A name or a namespace of a component. */
export const COMPONENT_NAME: RegExp = new RegExp(`^${NAME}$`);

/** Component ids a grant may name: `namespace/name`, either of them `*`. */
export const COMPONENT_PATTERN: RegExp = new RegExp(`^(?:\\*|${NAME})/(?:\\*|${NAME})$`);

/** Topics a grant may name: segments joined by `.`, any of them `*`, the last of them perhaps `#`. */
export const TOPIC_PATTERN: RegExp = new RegExp(
  `^(?:#|(?:\\*|${TOPIC_SEGMENT})(?:\\.(?:\\*|${TOPIC_SEGMENT}))*(?:\\.#)?)$`,
);

/** One topic, with nothing left open. */
export const TOPIC: RegExp = new RegExp(`^${TOPIC_SEGMENT}(?:\\.${TOPIC_SEGMENT})*$`);

/** Whether a component id is one that `pattern` names; `*` stands for one whole segment and never crosses a `/`. */
export function matchesComponent(pattern: string, id: string): boolean {
  if (!COMPONENT_PATTERN.test(pattern)) return false;
  const wanted = pattern.split("/");
  const given = id.split("/");
  return (
    given.length === wanted.length &&
    given.every((segment, index) => COMPONENT_NAME.test(segment) && coversSegment(wanted[index], segment))
  );
}

/** Whether every id that `requested` names is also one that `granted` names. False when either is no component pattern. */
export function coversComponent(granted: string, requested: string): boolean {
  if (!COMPONENT_PATTERN.test(granted) || !COMPONENT_PATTERN.test(requested)) return false;
  const inner = requested.split("/");
  return granted.split("/").every((segment, index) => coversSegment(segment, inner[index]));
}

/**
 * Whether a topic is one that `pattern` names: `*` stands for one segment, a final `#` for all that remain, which may be
 * none (`orders.#` matches `orders`). What is no topic, such as another pattern, matches nothing.
 */
export function matchesTopic(pattern: string, topic: string): boolean {
  return TOPIC.test(topic) && coversTopic(pattern, topic);
}

/**
 * Whether every topic of `requested` is also one of `granted`, so that a subscription to `requested` sees nothing beyond
 * the grant. False when either is no topic pattern.
 */
export function coversTopic(granted: string, requested: string): boolean {
  if (!TOPIC_PATTERN.test(granted) || !TOPIC_PATTERN.test(requested)) return false;
  const outer = topicShape(granted);
  const inner = topicShape(requested);
  const isLengthCovered = outer.isOpen
    ? inner.segments.length >= outer.segments.length
    : !inner.isOpen && inner.segments.length === outer.segments.length;
  return isLengthCovered && outer.segments.every((segment, index) => coversSegment(segment, inner.segments[index]));
}

function coversSegment(granted: string | undefined, requested: string | undefined): boolean {
  return granted === "*" || granted === requested;
}

interface TopicShape {
  readonly segments: readonly string[];
  /** Whether more segments may follow. */
  readonly isOpen: boolean;
}

/** A lone `#` is `*.#`: a topic has at least one segment. */
function topicShape(pattern: string): TopicShape {
  const segments = pattern.split(".");
  if (segments.at(-1) !== "#") return { segments, isOpen: false };
  return { segments: segments.length === 1 ? ["*"] : segments.slice(0, -1), isOpen: true };
}
