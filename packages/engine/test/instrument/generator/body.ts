import type { Choices } from "./choices.ts";
import type { Signature, ValueType } from "./signature.ts";

/** A place that a branch may go to, and the values it brings. */
export interface Label {
  readonly name: string;
  readonly types: readonly ValueType[];
}

/** The way a module handles exceptions; V8 runs either, and no module with both. */
export type ExceptionStyle = "none" | "new" | "old";

/** What the functions of a module can use. */
export interface Surroundings {
  readonly exceptions: ExceptionStyle;
  readonly functions: readonly Signature[];
}

/** A function body while it is written: what the different kinds of code need of each other. */
export interface Body {
  readonly choices: Choices;
  readonly surroundings: Surroundings;
  readonly signature: Signature;
  /** The functions it may call. */
  readonly callable: readonly Signature[];
  readonly labels: readonly Label[];
  /** An expression of that type; the deeper, the larger. */
  readonly value: (type: ValueType, depth: number) => string;
  readonly statements: (depth: number) => string;
  /** What is written inside a block with that label. */
  readonly within: (label: Label, inside: () => string) => string;
  /** A name that nothing else in the function has. */
  readonly fresh: (prefix: string) => string;
  /** A local of its own, for a loop to count with. */
  readonly counter: () => string;
  /** One of the locals of that type. */
  readonly local: (type: ValueType) => string;
}

/** Something to write. */
export type Way = () => string;

/** The values, one after the other. */
export function values(body: Body, types: readonly ValueType[], depth: number): string {
  return types.map((type) => body.value(type, depth)).join(" ");
}

/** Takes values of these types off the stack. */
export function takeAway(body: Body, types: readonly ValueType[]): string {
  return types
    .toReversed()
    .map((type) => `local.set ${body.local(type)}`)
    .join(" ");
}
