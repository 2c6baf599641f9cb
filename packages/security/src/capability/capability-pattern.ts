import { COMPONENT_NAME, COMPONENT_PATTERN, TOPIC, TOPIC_PATTERN } from "../messaging-pattern.ts";
import { type Capability, resourceOf, type Right, rightOf } from "./capability.ts";
import type { Address } from "./network-address.ts";
import { parseTarget, parseTargetPattern } from "./network-target.ts";
import { coversPaths } from "./path-inclusion.ts";
import { parsePathPattern, PROGRAM_PATH, splitPath } from "./path-pattern.ts";
import { ANY, coversSegments, literal, OPEN_END, REST, type Segment } from "./segment.ts";

const CUSTOM_SEGMENT = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*";
/** Names of host functions: segments joined by `/`, any of them `*`. */
export const CUSTOM_PATTERN: RegExp = new RegExp(`^(?:\\*|${CUSTOM_SEGMENT})(?:/(?:\\*|${CUSTOM_SEGMENT}))*$`);
const CUSTOM_NAME = new RegExp(`^${CUSTOM_SEGMENT}(?:/${CUSTOM_SEGMENT})*$`);
export const VARIABLE: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** The same as {@link COMPONENT_NAME}: a namespace of the store is called as a component is. */
export const STORE_NAMESPACE: RegExp = COMPONENT_NAME;

export interface CapabilityPattern {
  readonly right: Right;
  readonly segments: readonly Segment[];
}

/** A capability as a grant gives it; undefined for what can be no grant. */
export function patternOf(capability: Capability): CapabilityPattern | undefined {
  if (typeof capability !== "object" || capability === null) return undefined;
  const right = rightOf(capability);
  if (right === undefined) return undefined;
  const segments = segmentsOf(capability);
  return segments && { right, segments };
}

function segmentsOf(capability: Capability): readonly Segment[] | undefined {
  const resource: unknown = resourceOf(capability);
  if (typeof resource !== "string") return undefined;
  switch (capability.kind) {
    case "file":
      return parsePathPattern(resource);
    case "connect":
      return capability.address === undefined ? parseTargetPattern(resource) : undefined;
    case "listen":
      return isPort(capability.port) ? [literal(resource)] : undefined;
    case "storage":
      return STORE_NAMESPACE.test(resource) ? [literal(resource)] : undefined;
    case "messaging":
      return isTopical(capability.action) ? topicSegments(resource) : namedSegments(resource, COMPONENT_PATTERN);
    case "spawn":
      return PROGRAM_PATH.test(resource) ? parsePathPattern(resource) : undefined;
    case "environment":
      return VARIABLE.test(resource) ? [literal(resource)] : undefined;
    case "custom":
      return namedSegments(resource, CUSTOM_PATTERN);
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function isTopical(action: string): boolean {
  return action === "publish" || action === "subscribe";
}

function namedSegments(pattern: string, format: RegExp): readonly Segment[] | undefined {
  return format.test(pattern) ? pattern.split("/").map((text) => (text === "*" ? ANY : literal(text))) : undefined;
}

/** A topic has at least one segment, so `#` is the same as `*.#`. */
function topicSegments(pattern: string): readonly Segment[] | undefined {
  if (!TOPIC_PATTERN.test(pattern)) return undefined;
  const segments = pattern.split(".").map((text) => (text === "*" ? ANY : text === "#" ? REST : literal(text)));
  return segments.length === 1 && segments[0] === REST ? [ANY, REST] : segments;
}

/** Whether all that `requested` stands for is allowed by `granted` alone. False where either can be no grant. */
export function covers(granted: Capability, requested: Capability): boolean {
  const outer = patternOf(granted);
  const inner = patternOf(requested);
  return outer !== undefined && inner !== undefined && coversPattern(outer, inner);
}

export function coversPattern(granted: CapabilityPattern, requested: CapabilityPattern): boolean {
  if (granted.right !== requested.right) return false;
  if (!granted.right.startsWith("file.")) return coversSegments(granted.segments, requested.segments);
  const [outer] = granted.segments;
  const [inner] = requested.segments;
  // Spares most pairs the long way.
  if (outer?.type === "literal" && inner?.type === "literal" && outer.text !== inner.text) return false;
  return coversPaths(granted.segments, requested.segments);
}

/** Whether two patterns may have anything in common; where that is hard to tell, they may. */
export function mayMeet(one: CapabilityPattern, other: CapabilityPattern): boolean {
  if (one.right !== other.right) return false;
  for (const [index, segment] of one.segments.entries()) {
    const beside = other.segments[index];
    if (segment.type === "rest" || beside?.type === "rest") return true;
    if (!beside) return false;
    if (segment.type === "literal" && beside.type === "literal" && segment.text !== beside.text) return false;
  }
  const next = other.segments[one.segments.length];
  return next === undefined || next.type === "rest";
}

/** A request in the form that grants are searched by. */
export interface CompiledRequest {
  readonly right: Right;
  readonly segments: readonly string[];
  readonly connection?: Connection;
  /** Where many things are asked for at once, which only a subscription can do. */
  readonly pattern?: CapabilityPattern;
}

/** What a request to connect is about, beside its name. */
export interface Connection {
  readonly host: string;
  readonly port: string;
  /** The host itself, where it is an address. */
  readonly literal: Address | undefined;
  /** What the host was resolved to, as the request says. */
  readonly resolved: string | undefined;
}

/** A request, or why it is none that could be judged. */
export function compileRequest(capability: Capability): CompiledRequest | string {
  if (typeof capability !== "object" || capability === null) return "no capability";
  const right = rightOf(capability);
  if (right === undefined) return "of a kind that is not known";
  const resource: unknown = resourceOf(capability);
  if (typeof resource !== "string") return "with a resource that is no string";
  switch (capability.kind) {
    case "file": {
      const segments = splitPath(resource);
      return typeof segments === "string" ? segments : { right, segments };
    }
    case "spawn": {
      const segments = splitPath(resource);
      return typeof segments === "string" ? segments : { right, segments };
    }
    case "connect": {
      const target = parseTarget(resource);
      if (typeof target === "string") return target;
      const { segments, host, port, address } = target;
      return { right, segments, connection: { host, port, literal: address, resolved: capability.address } };
    }
    case "listen":
      return isPort(capability.port) ? { right, segments: [resource] } : "with a port that is none";
    case "storage":
      return STORE_NAMESPACE.test(resource) ? { right, segments: [resource] } : "with a namespace that is none";
    case "messaging":
      return compileMessaging(right, capability.action, resource);
    case "environment":
      return VARIABLE.test(resource) ? { right, segments: [resource] } : "with a variable that is none";
    case "custom":
      return CUSTOM_NAME.test(resource) ? { right, segments: resource.split("/") } : "with a name that is none";
  }
}

/** Who subscribes to a pattern hears every topic of it, so the grant has to cover them all. */
function compileMessaging(right: Right, action: string, resource: string): CompiledRequest | string {
  if (action === "subscribe" && TOPIC_PATTERN.test(resource)) {
    const pattern = { right, segments: topicSegments(resource) ?? [] };
    const segments = pattern.segments.map((segment) =>
      segment.type === "literal" ? segment.text : segment.type === "any" ? "*" : OPEN_END,
    );
    return { right, segments, pattern };
  }
  if (isTopical(action))
    return TOPIC.test(resource) ? { right, segments: resource.split(".") } : "with a topic that is none";
  const segments = resource.split("/");
  const isId = segments.length === 2 && segments.every((segment) => COMPONENT_NAME.test(segment));
  return isId ? { right, segments } : "with a component id that is none";
}
