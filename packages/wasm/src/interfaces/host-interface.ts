import type { Manifest } from "@airssys/security";
import type { Incarnation } from "../incarnation.ts";

/** A function of the host as a component calls it: WIT values in, a WIT value out; a thrown non-Error is a WIT error. */
export type HostFunction = (...args: never[]) => unknown;

/**
 * One interface the host offers, in three moments. A component that may not use it is refused when it is installed: its
 * functions are never linked, so there is no check to forget when they are called.
 */
export interface HostInterface {
  /** *Link*: the name a component imports it by. */
  readonly name: string;
  /** *Link*: its functions, by their WIT names. */
  readonly functions: readonly string[];
  /** *Configure*: why this manifest does not get it; undefined when it does. */
  readonly refusal: (manifest: Manifest) => string | undefined;
  /** *Prepare*: the functions for one incarnation, closed over what it was granted. */
  readonly prepare: (incarnation: Incarnation) => Readonly<Record<string, HostFunction>>;
}
