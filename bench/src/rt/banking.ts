import { type Actor, type ActorContext, type ActorRef, ActorSystem, type Request } from "@airssys/rt";
import { Deferred, Effect, Fiber, Queue } from "effect";
import { dispatch, query, spawn, start, stop } from "nact";
import { erlang } from "../erlang.ts";
import { played } from "../played.ts";
import { Tally } from "../tally.ts";
import { effectActor } from "../troupes/effect.ts";
import type { Subject, TimedWorkload } from "../workload.ts";
import { withoutAsking } from "./banking-by-message.ts";
import { Balance, Balances, destinationNumbers, type Done, done, ordering, sourceNumbers } from "./transfers.ts";

type ToAccount =
  | { readonly type: "send"; readonly amount: number; readonly to: ActorRef<ToAccount> }
  | ({ readonly type: "take"; readonly amount: number } & Request<number>);

/** What its handler returns is a promise while it asks, so it handles nothing else. */
class Account implements Actor<ToAccount> {
  readonly #balance: Balance;
  readonly #teller: ActorRef<Done>;

  constructor(balance: Balance, teller: ActorRef<Done>) {
    this.#balance = balance;
    this.#teller = teller;
  }

  receive(message: ToAccount, context: ActorContext<ToAccount>): number | Promise<void> {
    const { amount } = message;
    if (message.type === "send") return this.#send(amount, message.to, context);
    this.#balance.amount += amount;
    return this.#balance.amount;
  }

  async #send(amount: number, to: ActorRef<ToAccount>, context: ActorContext<ToAccount>): Promise<void> {
    await context.ask(to, { type: "take", amount });
    this.#balance.amount -= amount;
    this.#teller.tell(done);
  }
}

const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const tally = new Tally();
    const system = new ActorSystem("bench");
    const teller = system.spawn<Done>(() => ({ receive: () => void tally.count() }), {
      mailbox: { capacity: "unbounded" },
    });
    const balances = new Balances();
    const spawnAccount = (): ActorRef<ToAccount> => system.spawn<ToAccount>(() => new Account(balances.open(), teller));
    const sources = sourceNumbers.map(spawnAccount);
    const destinations = destinationNumbers.map(spawnAccount);
    return {
      run: ordering(tally, balances, (source, destination, amount) => {
        const to = destinations[destination];
        if (to !== undefined) sources[source]?.tell({ type: "send", amount, to });
      }),
      close: () => system.shutdown(),
    };
  },
};

function takeInNact(balance: Balance, message: { readonly amount: number; readonly replyTo: object }): Balance {
  balance.amount += message.amount;
  dispatch(message.replyTo, balance.amount);
  return balance;
}

/** An account that waits for an answer to its query handles nothing else: it is an asynchronous function. */
const nact: Subject = {
  name: "nact",
  operations: 5000,
  open: async () => {
    const tally = new Tally();
    const system = start();
    const teller = spawn(system, (_state: undefined, _done: Done): undefined => void tally.count(), "teller");
    const balances = new Balances();
    const initialStateFunc = (): Balance => balances.open();
    const send = async (
      state: Balance,
      { amount, to }: { readonly amount: number; readonly to: object },
    ): Promise<Balance> => {
      await query(to, (replyTo: object) => ({ amount, replyTo }), 5000);
      state.amount -= amount;
      dispatch(teller, done);
      return state;
    };
    const sources = sourceNumbers.map((number) => spawn(system, send, `source-${number}`, { initialStateFunc }));
    const destinations = destinationNumbers.map((number) =>
      spawn(system, takeInNact, `destination-${number}`, { initialStateFunc }),
    );
    return {
      run: ordering(tally, balances, (source, destination, amount) => {
        const [from, to] = [sources[source], destinations[destination]];
        if (from !== undefined && to !== undefined) dispatch(from, { amount, to });
      }),
      close: async () => stop(system),
    };
  },
};

interface Take {
  readonly amount: number;
  readonly reply: Deferred.Deferred<number>;
}

/** An account's fiber waits for a Deferred, with a time-out, before it takes what comes next. */
const effect: Subject = {
  name: "effect",
  operations: 10_000,
  open: async () => {
    const tally = new Tally();
    const toTeller = Effect.runSync(Queue.unbounded<Done>());
    const fibers: Fiber.Fiber<never, unknown>[] = [Effect.runFork(effectActor(toTeller, () => void tally.count()))];
    const balances = new Balances();
    const openAccount = <M>(
      handle: (balance: Balance, message: M) => Effect.Effect<unknown, unknown>,
    ): Queue.Queue<M> => {
      const balance = balances.open();
      const queue = Effect.runSync(Queue.unbounded<M>());
      fibers.push(
        Effect.runFork(
          Queue.take(queue).pipe(
            Effect.flatMap((message) => handle(balance, message)),
            Effect.forever({ disableYield: true }),
          ),
        ),
      );
      return queue;
    };
    const destinations = destinationNumbers.map(() =>
      openAccount((balance, { amount, reply }: Take) => {
        balance.amount += amount;
        return Deferred.succeed(reply, balance.amount);
      }),
    );
    const sources = sourceNumbers.map(() =>
      openAccount((balance, { amount, to }: { readonly amount: number; readonly to: Queue.Queue<Take> }) =>
        Effect.gen(function* () {
          const reply = yield* Deferred.make<number>();
          Queue.offerUnsafe(to, { amount, reply });
          yield* Effect.timeout(Deferred.await(reply), "5 seconds");
          balance.amount -= amount;
          Queue.offerUnsafe(toTeller, done);
        }),
      ),
    );
    return {
      run: ordering(tally, balances, (source, destination, amount) => {
        const [from, to] = [sources[source], destinations[destination]];
        if (from !== undefined && to !== undefined) Queue.offerUnsafe(from, { amount, to });
      }),
      close: () => Effect.runPromise(Fiber.interruptAll(fibers)),
    };
  },
};

function byMessage(subject: Subject): Subject {
  return { ...subject, name: `${subject.name}-by-message` };
}

/**
 * A teller has money sent from eight hundred accounts to two hundred others; an operation is one transfer, of four messages. The
 * account that sends waits until the other has taken it, and handles nothing else meanwhile.
 */
export const bankingTransfers: TimedWorkload = {
  suite: "rt",
  name: "banking",
  unit: "ns",
  operations: 40_000,
  subjects: [
    airssys,
    ...played(withoutAsking, { troupes: ["airssys"], capacity: "unbounded" }).map(byMessage),
    nact,
    ...played(withoutAsking, { troupes: ["xstate"] }),
    effect,
    ...played(withoutAsking, { troupes: ["limit"] }),
    erlang("savina banking"),
  ],
};
