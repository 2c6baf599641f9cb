import type { Refusal } from "./refusal.ts";
import type { Stashed } from "./stash.ts";

declare const reply: unique symbol;

/**
 * Marks a message as a question whose answer is an `R`: `{ type: "read" } & Request<number>`. Exists only in types; a
 * message that is sent has no such property.
 */
export interface Request<R> {
  readonly [reply]?: R;
}

type Answered<M> = M extends unknown
  ? typeof reply extends keyof M
    ? M extends Request<infer R>
      ? R
      : never
    : never
  : never;

type Matching<M, Sent> = M extends unknown ? (Sent extends M ? M : never) : never;

type OrUnknown<R> = [R] extends [never] ? unknown : R;

/** What an ask of `Sent` resolves to: the reply of the member of `M` that `Sent` is, or `unknown` when that has none. */
export type ReplyTo<M, Sent> = unknown extends M ? unknown : OrUnknown<Answered<Matching<M, Sent>>>;

/**
 * What a handler of `M` may return: a reply of one of its requests, a refusal, `context.stash()`, or nothing; now or later. Where `M` declares no
 * request it may return anything, and who asks gets it as `unknown`.
 */
export type Answer<M> = [Answered<M>] extends [never]
  ? unknown
  : Answered<M> | Refusal | Stashed | void | Promise<Answered<M> | Refusal | Stashed | void>;
