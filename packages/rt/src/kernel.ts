import type { LogSink } from "./actor-log.ts";
import type { NestingBroker } from "./actor-broker.ts";
import type { ActorHost, AnyActor } from "./actor.ts";
import type { CLOSING, LEAVING } from "./cell-state.ts";
import type { Clock } from "./clock.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { DeadlineWheel } from "./deadline-wheel.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Envelope } from "./envelope.ts";
import type { EventStream } from "./event-stream.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { Shutdown } from "./family.ts";
import type { TurnClock } from "./turn-clock.ts";

/** How cells come and go. */
export interface Life<Cell> {
  start(cell: Cell): Promise<void> | undefined;
  depart(cell: Cell, ending: typeof LEAVING | typeof CLOSING, reason: ExitReason): void;
  end(
    cell: Cell,
    ending: typeof LEAVING | typeof CLOSING,
    reason: ExitReason,
    shutdown: Shutdown,
  ): Promise<void> | undefined;
  fail(cell: Cell, actor: AnyActor, item: unknown, error: unknown): void;
  condemn(cell: Cell, error: unknown): void;
  conclude(cell: Cell, actor: AnyActor): void;
  kill(cell: Cell): void;
}

/** How cells handle what they have. */
export interface Loop<Cell> {
  run(cell: Cell, budget: number): number;
}

/** What all actors of one system share. */
export interface Kernel<Cell> {
  readonly life: Life<Cell>;
  readonly loop: Loop<Cell>;
  readonly dispatcher: Dispatcher;
  readonly deadlines: DeadlineWheel;
  readonly deadLetters: DeadLetters;
  readonly events: EventStream;
  readonly clock: Clock;
  /** The same clock, for stamps. */
  readonly turnClock: TurnClock;
  readonly random: () => number;
  readonly log: LogSink | undefined;
  readonly broker: NestingBroker;
  /** A message that nobody needs after `timeoutMs`, in its envelope. */
  perishable(recipient: { readonly path: string }, message: unknown, timeoutMs: number): Envelope;
  /** Set once, when the system is complete. */
  host: ActorHost;
}
