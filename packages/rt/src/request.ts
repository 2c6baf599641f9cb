import type { LaterReply } from "./later-reply.ts";
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

type Result<R> = R | LaterReply<R | Refusal> | Refusal | Stashed | void;

type OrUnknown<R> = [R] extends [never] ? unknown : R;

/** What an ask of `Sent` resolves to: the reply of the member of `M` that `Sent` is, or `unknown` when that has none. */
export type ReplyTo<M, Sent> = unknown extends M ? unknown : OrUnknown<Answered<Matching<M, Sent>>>;

/**
 * What a handler of `M` may return: a reply of one of its requests, a refusal, `replyLater(…)`, `context.stash()`, or nothing; at once or in
 * a promise. Where `M` declares no request it may return anything, and who asks gets it as `unknown`.
 */
export type Answer<M> = [Answered<M>] extends [never] ? unknown : Result<Answered<M>> | Promise<Result<Answered<M>>>;
