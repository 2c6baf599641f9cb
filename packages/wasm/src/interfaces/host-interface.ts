import type { Manifest } from "@airssys/security";
import type { Store } from "@airssys/storage";
import type { Incarnation } from "../incarnation.ts";

/**
 * A function of the host as a component calls it: WIT values in, a WIT value out, or a promise of one; a thrown non-Error is a WIT
 * error.
 */
export type HostFunction = (...args: never[]) => unknown;

/** A resource of the host: a class whose objects are disposed of when the component drops them, and at the latest at its end. */
export type HostResource = abstract new (...args: never[]) => object;

/** An interface, or a resource, whose functions answer with promises, from what was generated for it. */
export type Promised<Functions> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Result>
    : never;
};

/** What a host was given to offer, that it need not have. */
export interface HostMeans {
  readonly storage: Store | undefined;
  /** Whether what the manifest does not ask for is offered all the same. */
  readonly isAdvisory: boolean;
}

/**
 * One interface the host offers, in three moments. A component that may not use it is refused when it is installed: its
 * functions are never linked, so there is no check to forget when they are called.
 */
export interface HostInterface {
  /** *Link*: the name a component imports it by. */
  readonly name: string;
  /** *Link*: its functions, by their WIT names. */
  readonly functions: readonly string[];
  /** *Link*: those that may answer with a promise. */
  readonly waiting?: readonly string[];
  /** *Configure*: why a component with this manifest does not get these functions of it; undefined when it does. */
  readonly refusal: (manifest: Manifest, functions: readonly string[]) => string | undefined;
  /** *Configure*: why this host cannot offer it to anybody. */
  readonly absence?: (means: HostMeans) => string | undefined;
  /** *Prepare*: the functions for one incarnation, closed over what it was granted. */
  readonly prepare: (incarnation: Incarnation) => Readonly<Record<string, HostFunction | HostResource>>;
}
