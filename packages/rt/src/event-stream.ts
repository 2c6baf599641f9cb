import { EventEmitter } from "eventemitter3";
import type { LifecycleEvent, LifecycleEventOf, LifecycleEventType } from "./lifecycle-event.ts";

const EVERY = "*";

/**
 * The lifecycle events of one system, given to every listener at once and in order. A listener that throws harms nobody: the
 * others still hear the event, and then hear `listener-failed`.
 */
export class EventStream {
  readonly #emitter = new EventEmitter<Record<LifecycleEventType | typeof EVERY, [LifecycleEvent]>>();
  #listeners = 0;
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
    return this.#listeners > 0 && this.#emitter.listenerCount(type) + this.#emitter.listenerCount(EVERY) > 0;
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
    this.#listeners += 1;
    let isListening = true;
    return {
      [Symbol.dispose]: () => {
        if (!isListening) return;
        isListening = false;
        this.#emitter.off(type, guarded);
        this.#listeners -= 1;
      },
    };
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
