import type { EventStream, LifecycleEvent, LifecycleEventOf, LifecycleEventType } from "@airssys/rt";
import { Expectation } from "./expectation.ts";

/** Keeps every lifecycle event of a system from now on, until disposed. */
export class EventRecorder implements Disposable {
  readonly #events: LifecycleEvent[] = [];
  readonly #expected = new Expectation<LifecycleEvent>();
  readonly #listening: Disposable;

  constructor(system: { readonly events: EventStream }) {
    this.#listening = system.events.subscribe((event) => {
      this.#events.push(event);
      this.#expected.arrive(event);
    });
  }

  /** Every event so far, in order, taken or not. */
  get all(): readonly LifecycleEvent[] {
    return this.#events;
  }

  /** The events of one type so far, taken or not. */
  allOf<T extends LifecycleEventType>(type: T): readonly LifecycleEventOf<T>[] {
    return this.#events.filter((event): event is LifecycleEventOf<T> => event.type === type);
  }

  /** Takes the next event of a type, of one actor when a path is given, when it comes. */
  next<T extends LifecycleEventType>(type: T, path?: string): Promise<LifecycleEventOf<T>>;
  next(type: LifecycleEventType, path?: string): Promise<LifecycleEvent> {
    return this.#expected.take((event) => event.type === type && (path === undefined || event.path === path));
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }
}
