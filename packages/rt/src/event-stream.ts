import { EventEmitter } from "eventemitter3";
import type { LifecycleEvent, LifecycleEventOf, LifecycleEventType } from "./lifecycle-event.ts";

const EVERY = "*";

/**
 * The lifecycle events of one system, given to every listener at once and in order. A listener that throws harms nobody: the
 * others still hear the event, and then hear `listener-failed`.
 */
export class EventStream {
  readonly #emitter = new EventEmitter<Record<LifecycleEventType | typeof EVERY, [LifecycleEvent]>>();
  /** How many listen to each type, and to every one: asked several times for each actor that comes and goes (bench: `spawn`). */
  readonly #listeners = new Map<LifecycleEventType | typeof EVERY, number>();
  #hearsAll = false;
  #isReportingFailure = false;

  /** Hears the events of one type until the result is disposed. */
  on<T extends LifecycleEventType>(type: T, listener: (event: LifecycleEventOf<T>) => void): Disposable {
    return this.#listen(type, (event) => {
      if (isOfType(event, type)) listener(event);
    });
  }

  /** Hears every event until the result is disposed. */
  subscribe(listener: (event: LifecycleEvent) => void): Disposable {
    return this.#listen(EVERY, listener);
  }

  /** Whether anybody would hear an event of that type. Ask before building one: then an event nobody hears costs nothing. */
  observes(type: LifecycleEventType): boolean {
    return this.#hearsAll || this.#listeners.has(type);
  }

  emit(event: LifecycleEvent): void {
    this.#emitter.emit(event.type, event);
    this.#emitter.emit(EVERY, event);
  }

  #listen(type: LifecycleEventType | typeof EVERY, listener: (event: LifecycleEvent) => void): Disposable {
    const guarded = (event: LifecycleEvent): void => {
      try {
        listener(event);
      } catch (error) {
        this.#reportFailure(event, error);
      }
    };
    this.#emitter.on(type, guarded);
    this.#count(type, 1);
    let isListening = true;
    return {
      [Symbol.dispose]: () => {
        if (!isListening) return;
        isListening = false;
        this.#emitter.off(type, guarded);
        this.#count(type, -1);
      },
    };
  }

  #count(type: LifecycleEventType | typeof EVERY, by: number): void {
    const listeners = (this.#listeners.get(type) ?? 0) + by;
    if (listeners === 0) this.#listeners.delete(type);
    else this.#listeners.set(type, listeners);
    this.#hearsAll = this.#listeners.has(EVERY);
  }

  /** A listener that fails on hearing of a failure is not reported again: that would not end. */
  #reportFailure(event: LifecycleEvent, error: unknown): void {
    if (this.#isReportingFailure) return;
    this.#isReportingFailure = true;
    try {
      this.emit({ type: "listener-failed", path: event.path, event, error });
    } finally {
      this.#isReportingFailure = false;
    }
  }
}

function isOfType<T extends LifecycleEventType>(event: LifecycleEvent, type: T): event is LifecycleEventOf<T> {
  return event.type === type;
}
