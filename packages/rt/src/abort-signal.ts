// The host's own AbortController: what `context.signal` gives must be what `fetch` and its like accept, so it cannot be ours.

declare global {
  /** The host's; whoever has the host's types sees all of it. */
  interface AbortSignal {
    readonly aborted: boolean;
  }
}

/** The host's signal, by a name that leads readers of this package's types here. */
export type HostAbortSignal = AbortSignal;

export interface HostAbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare const AbortController: new () => HostAbortController;
declare const AbortSignal: { any(signals: readonly AbortSignal[]): AbortSignal };

export function newAbortController(): HostAbortController {
  return new AbortController();
}

/** Aborted as soon as one of them is. */
export function anyOf(...signals: readonly AbortSignal[]): AbortSignal {
  return AbortSignal.any(signals);
}
