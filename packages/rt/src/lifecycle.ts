import type { ActorCell } from "./actor-cell.ts";
import type { AnyActor } from "./actor.ts";
import { CLOSING, IDLE, LEAVING, PARKED, READY, RUNNING, STARTING, STOPPED, SUSPENDED } from "./cell-state.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import { ActorKilledError, ActorStartError } from "./errors.ts";
import { shutDownBy, type ExitReason } from "./exit-reason.ts";
import { killFamily, release, stopFamily, type Shutdown } from "./family.ts";
import { isPromise } from "./is-promise.ts";
import type { Life } from "./kernel.ts";
import { NOTHING } from "./backlog.ts";
import { NOBODY } from "./receiver.ts";
import type { Ties } from "./ties.ts";

/**
 * Builds an incarnation. Undefined when it has started; else resolves when it has.
 * @throws ActorStartError, also as rejection. The cell is then parked: it may be started again, or closed.
 */
function start(cell: ActorCell): Promise<void> | undefined {
  cell.state = STARTING;
  try {
    const actor = cell.factory(cell);
    cell.actor = actor;
    cell.receive(actor);
    const preparing = prepare(cell, actor);
    if (isPromise(preparing)) return startLater(cell, actor, preparing);
    begin(cell, actor);
  } catch (error) {
    throw abandonStart(cell, error);
  }
  return undefined;
}

function prepare(cell: ActorCell, actor: AnyActor): void | Promise<void> {
  const predecessor = cell.ties?.predecessor;
  const preparing = actor.preStart?.(cell);
  if (predecessor === undefined || actor.postRestart === undefined) return preparing;
  if (!isPromise(preparing)) return actor.postRestart(cell, predecessor);
  return preparing.then(() => (cell.actor === actor ? actor.postRestart?.(cell, predecessor) : undefined));
}

/** Counts this incarnation as crashed. One that hangs is not waited for. */
function condemn(cell: ActorCell, error: unknown): void {
  const actor = cell.actor;
  const before = cell.state;
  if (actor === null || cell.isEnding) return;
  if (before === IDLE || before === READY) {
    fail(cell, actor, NOTHING, error);
    return;
  }
  reportFailure(cell, error);
  cell.state = cell.isSupervised ? LEAVING : CLOSING;
  cell.reason = { kind: "error", error };
  if (before === RUNNING) return;
  giveUpCurrent(cell, "crashed", error);
  cutShort(cell);
}

function startLater(cell: ActorCell, actor: AnyActor, preparing: Promise<void>): Promise<void> {
  const { events } = cell.kernel;
  if (events.observes("actor-starting")) events.emit({ type: "actor-starting", path: cell.path });
  const starting = Promise.withResolvers<void>();
  cell.tied().starting = starting;
  void beginAfter(cell, preparing, actor, starting);
  return starting.promise;
}

async function beginAfter(
  cell: ActorCell,
  preparing: Promise<void>,
  actor: AnyActor,
  starting: PromiseWithResolvers<void>,
): Promise<void> {
  try {
    await preparing;
  } catch (error) {
    if (cell.actor !== actor) return;
    const isClosing = cell.state === CLOSING;
    starting.reject(abandonStart(cell, error));
    if (isClosing) close(cell);
    return;
  }
  if (cell.actor !== actor) return;
  if (cell.isEnding) {
    cell.tied().isPrepared = true;
    conclude(cell, actor);
    return;
  }
  begin(cell, actor);
  starting.resolve();
}

function begin(cell: ActorCell, actor: AnyActor): void {
  if (cell.ties !== null) {
    cell.ties.starting = undefined;
    cell.ties.forgetPredecessor();
  }
  const { events } = cell.kernel;
  if (events.observes("actor-started")) events.emit({ type: "actor-started", path: cell.path });
  if (cell.isEnding) conclude(cell, actor);
  else cell.rest();
}

/** An incarnation that did not start is not one: no `postStop` runs. */
function abandonStart(cell: ActorCell, error: unknown): ActorStartError {
  killFamily(cell);
  cell.reason = { kind: "error", error };
  endIncarnation(cell);
  clearDeadline(cell);
  reportFailure(cell, error);
  if (!cell.isSupervised) close(cell);
  else {
    park(cell);
    cell.ties?.releaseIncarnation(cell.path, cell.reason);
  }
  return new ActorStartError(cell.path, error);
}

/** What a handler threw ends the incarnation. */
function fail(cell: ActorCell, actor: AnyActor, item: unknown, error: unknown): void {
  cell.lose(item, "crashed", error);
  cell.current = NOTHING;
  if (cell.actor !== actor) return;
  reportFailure(cell, error);
  cell.reason = { kind: "error", error };
  if (!cell.isEnding) cell.state = cell.isSupervised ? LEAVING : CLOSING;
  conclude(cell, actor);
}

/** Undefined when the incarnation has ended; else resolves when it has, which is within `shutdown`. */
function end(
  cell: ActorCell,
  ending: typeof LEAVING | typeof CLOSING,
  reason: ExitReason,
  shutdown: Shutdown,
): Promise<void> | undefined {
  if (cell.state === STOPPED) return undefined;
  depart(cell, ending, reason);
  if (!cell.isEnding) return undefined;
  if (shutdown === "kill") {
    cutShort(cell);
    if (!cell.isEnding) return undefined;
  }
  armDeadline(cell, shutdown);
  const ties = cell.tied();
  ties.leaving ??= Promise.withResolvers<void>();
  return ties.leaving.promise;
}

/** Ends the incarnation after the message at hand. */
function depart(cell: ActorCell, ending: typeof LEAVING | typeof CLOSING, reason: ExitReason): void {
  const before = cell.state;
  if (before === STOPPED) return;
  if (cell.isEnding) {
    if (ending === CLOSING) cell.state = CLOSING;
    return;
  }
  cell.state = ending;
  cell.reason = reason;
  if (before === RUNNING || before === SUSPENDED || before === STARTING) reportStopping(cell);
  else conclude(cell, cell.actor);
}

/** Nothing of the actor is on the stack or suspended: children stop, then `postStop` runs, then it is over. */
function conclude(cell: ActorCell, actor: AnyActor | null): void {
  const familyStopping = cell.youngest === null ? undefined : stopFamily(cell, shutDownBy(cell.reason));
  if (familyStopping === undefined) {
    runLastHooks(cell, actor);
    return;
  }
  linger(cell);
  void runLastHooksAfter(cell, familyStopping, actor);
}

/** `preRestart`, where a successor is due, and then `postStop`. */
function runLastHooks(cell: ActorCell, actor: AnyActor | null): void {
  const handing = handOver(cell, actor);
  if (handing === undefined) {
    runPostStop(cell, actor);
    return;
  }
  linger(cell);
  void runPostStopAfter(cell, handing, actor);
}

/** Keeps what the incarnation leaves to the next one. Undefined when that is done; else resolves when it is. */
function handOver(cell: ActorCell, actor: AnyActor | null): Promise<void> | undefined {
  const ties = cell.ties;
  if (actor?.preRestart === undefined || cell.state !== LEAVING || ties?.supervision?.comesBack(cell.reason) !== true) {
    return undefined;
  }
  const failed = (error: unknown): void => {
    const { events } = cell.kernel;
    if (events.observes("pre-restart-failed")) events.emit({ type: "pre-restart-failed", path: cell.path, error });
  };
  try {
    const handed = actor.preRestart(cell, cell.reason);
    if (!isPromise(handed)) ties.leave(handed);
    else return handed.then((value) => cell.actor === actor && ties.leave(value), failed).then(() => undefined);
  } catch (error) {
    failed(error);
  }
  return undefined;
}

function runPostStop(cell: ActorCell, actor: AnyActor | null): void {
  const stopping = callPostStop(cell, actor);
  if (stopping === undefined) {
    retire(cell);
    return;
  }
  cell.tied().isInPostStop = true;
  linger(cell);
  void retireAfter(cell, stopping, actor);
}

async function runLastHooksAfter(
  cell: ActorCell,
  familyStopping: Promise<void>,
  actor: AnyActor | null,
): Promise<void> {
  await familyStopping;
  if (cell.actor === actor && cell.isEnding) runLastHooks(cell, actor);
}

async function runPostStopAfter(cell: ActorCell, handing: Promise<void>, actor: AnyActor | null): Promise<void> {
  await handing;
  if (cell.actor === actor && cell.isEnding) runPostStop(cell, actor);
}

async function retireAfter(cell: ActorCell, stopping: Promise<void>, actor: AnyActor | null): Promise<void> {
  await stopping;
  if (cell.actor === actor && cell.isEnding) retire(cell);
}

/** Undefined when it has run; else resolves when it has, whether it worked or not. */
function callPostStop(cell: ActorCell, actor: AnyActor | null): Promise<void> | undefined {
  if (actor?.postStop === undefined) return undefined;
  try {
    const stopping = actor.postStop(cell, cell.reason);
    if (isPromise(stopping)) return stopping.then(undefined, (error: unknown) => reportPostStop(cell, error));
  } catch (error) {
    reportPostStop(cell, error);
  }
  return undefined;
}

/** The message at hand will not be handled to its end. */
function giveUpCurrent(cell: ActorCell, reason: DeadLetterReason, error?: unknown): void {
  if (cell.current === NOTHING) return;
  cell.handled -= 1;
  cell.lose(cell.current, reason, error);
  cell.current = NOTHING;
}

/** Ends this incarnation now, whatever it is doing. */
function cutShort(cell: ActorCell): void {
  const actor = cell.actor;
  if (cell.reason.kind !== "error") cell.reason = { kind: "error", error: new ActorKilledError(cell.path) };
  killFamily(cell);
  giveUpCurrent(cell, "stopped");
  const ties = cell.ties;
  const { events } = cell.kernel;
  if (events.observes("actor-killed")) events.emit({ type: "actor-killed", path: cell.path });
  const isPrepared = ties === null || ties.starting === undefined || ties.isPrepared;
  if (isPrepared && ties?.isInPostStop !== true) void callPostStop(cell, actor);
  retire(cell);
}

function kill(cell: ActorCell): void {
  if (cell.state === STOPPED) return;
  cell.state = CLOSING;
  cutShort(cell);
}

/** The incarnation is over. */
function retire(cell: ActorCell): void {
  const hasSuccessor = cell.state === LEAVING;
  endIncarnation(cell);
  clearDeadline(cell);
  if (!hasSuccessor) {
    close(cell);
    return;
  }
  const ties = cell.tied();
  ties.predecessor = cell.reason;
  park(cell);
  // One that was stopped before it had started has not left: its start has failed, and that is told once, to who started it.
  if (ties.releaseIncarnation(cell.path, cell.reason)) ties.supervision?.exited(cell.reason);
}

/** Its supervisor decides what becomes of it. */
function park(cell: ActorCell): void {
  cell.state = PARKED;
  const { events } = cell.kernel;
  if (events.observes("actor-left")) events.emit({ type: "actor-left", path: cell.path, reason: cell.reason });
}

/** Nothing of the incarnation stays: what it put aside goes back to the mailbox, and what it held is let go. */
function endIncarnation(cell: ActorCell): void {
  cell.actor = null;
  cell.receiver = NOBODY;
  const held = cell.ties?.incarnation;
  if (held === undefined || cell.ties === null) return;
  cell.unstashAll();
  cell.ties.incarnation = undefined;
  for (const { item } of held.end(cell, { ref: cell.self, reason: cell.reason })) {
    cell.handled -= 1;
    cell.lose(item, "stopped");
  }
}

/** The actor is over. */
function close(cell: ActorCell): void {
  if (cell.state === STOPPED) return;
  endIncarnation(cell);
  cell.state = STOPPED;
  cell.drain();
  cell.ties?.forgetPredecessor();
  if (cell.parentCell !== null) {
    release(cell.parentCell, cell);
    if (typeof cell.id === "string") cell.parentCell.disclaim(cell.id);
  }
  const { events } = cell.kernel;
  if (events.observes("actor-stopped")) {
    events.emit({ type: "actor-stopped", path: cell.path, reason: cell.reason });
  }
  if (cell.ties !== null) untie(cell, cell.ties);
}

function untie(cell: ActorCell, ties: Ties): void {
  for (const attachment of ties.attachments) attachment[Symbol.dispose]();
  const watchers = [...ties.watchers];
  ties.watchers.clear();
  for (const watcher of watchers) watcher.hear({ ref: cell.self, reason: cell.reason });
  ties.releaseIncarnation(cell.path, cell.reason);
}

function reportFailure(cell: ActorCell, error: unknown): void {
  cell.tied().failed += 1;
  const { events } = cell.kernel;
  if (events.observes("actor-failed")) events.emit({ type: "actor-failed", path: cell.path, error });
}

function reportPostStop(cell: ActorCell, error: unknown): void {
  const { events } = cell.kernel;
  if (events.observes("post-stop-failed")) events.emit({ type: "post-stop-failed", path: cell.path, error });
}

function reportStopping(cell: ActorCell): void {
  const { events } = cell.kernel;
  if (!events.observes("actor-stopping")) return;
  const ties = cell.tied();
  if (ties.isStoppingKnown) return;
  ties.isStoppingKnown = true;
  events.emit({ type: "actor-stopping", path: cell.path, reason: cell.reason });
}

/** Ending takes time, which its shutdown time bounds. */
function linger(cell: ActorCell): void {
  reportStopping(cell);
  armDeadline(cell, cell.shutdown);
}

function armDeadline(cell: ActorCell, shutdown: Shutdown): void {
  if (typeof shutdown !== "number") return;
  const ties = cell.tied();
  if (ties.deadline !== undefined) return;
  ties.deadline = cell.kernel.clock.schedule(() => {
    ties.deadline = undefined;
    if (cell.isEnding) cutShort(cell);
  }, shutdown);
}

function clearDeadline(cell: ActorCell): void {
  const ties = cell.ties;
  if (ties?.deadline === undefined) return;
  ties.deadline.cancel();
  ties.deadline = undefined;
}

/**
 * How an actor comes and goes: start, fail, stop, kill. An incarnation ends in this order: the message at hand, children, `postStop`,
 * and then either its supervisor decides or the actor is closed. Each step is synchronous while its part of the actor is.
 */
export const lifecycle: Life<ActorCell> = { start, depart, end, fail, condemn, conclude, kill };
