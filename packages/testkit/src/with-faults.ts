import { refuse, type Actor, type ActorContext, type ActorFactory, type Answer } from "@airssys/rt";
import { InjectedCrashError, InjectedDropError } from "./errors.ts";

/** Which messages: the n-th, counted from 1 over all incarnations, or those that the function picks. */
export type Which<M> = number | ((message: M, count: number) => boolean);

export interface Faults<M> {
  /** The actor throws InjectedCrashError on these, instead of handling them. */
  readonly crash?: Which<M>;
  /** These are not handled: they become dead letters with the reason `rejected`, and an asker hears of it. */
  readonly drop?: Which<M>;
  /** These are handled only after `delayMs` on the system's clock, which holds up those behind them. */
  readonly delay?: Which<M>;
  /** 1000 unless said. */
  readonly delayMs?: number;
}

/** The same actors, with faults where they are asked for. What is not made to fail is handled as ever. */
export function withFaults<M>(factory: ActorFactory<M>, faults: Faults<M>): ActorFactory<M> {
  let count = 0;
  const next = (): number => (count += 1);
  return (context) => faulty(factory(context), faults, next);
}

function faulty<M>(actor: Actor<M>, faults: Faults<M>, next: () => number): Actor<M> {
  return new Proxy(actor, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (property === "receive") {
        return (message: M, context: ActorContext<M>) => receive(target, message, context, faults, next());
      }
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

function receive<M>(
  actor: Actor<M>,
  message: M,
  context: ActorContext<M>,
  { crash, drop, delay, delayMs = 1000 }: Faults<M>,
  count: number,
): unknown {
  if (isPicked(crash, message, count)) throw new InjectedCrashError(context.path, count);
  if (isPicked(drop, message, count)) return refuse(new InjectedDropError(context.path, count));
  if (!isPicked(delay, message, count)) return actor.receive(message, context);
  return new Promise<Answer<M>>((resolve, reject) => {
    context.clock.schedule(() => {
      try {
        resolve(actor.receive(message, context));
      } catch (error) {
        reject(error);
      }
    }, delayMs);
  });
}

function isPicked<M>(pick: Which<M> | undefined, message: M, count: number): boolean {
  return typeof pick === "function" ? pick(message, count) : pick === count;
}
