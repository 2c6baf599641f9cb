/**
 * A value that was waited for. Promises look into what they are given, and take an object with a method `then` for another promise;
 * a resource of the host may have one.
 */
export class Arrived {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A generated function, in steps. It hands out what may be a promise, and gets back what became of it. */
export type Steps = (...args: never[]) => Generator<unknown, unknown, unknown>;

/** The function that does the steps: at once, until one is a promise, and the rest when that is settled. */
export function resumable(steps: Steps): (...args: never[]) => unknown {
  return (...args) => {
    const under = steps(...args);
    return advance(under, under.next());
  };
}

function advance(steps: ReturnType<Steps>, from: IteratorResult<unknown, unknown>): unknown {
  let step = from;
  while (step.done !== true) {
    if (step.value instanceof Promise) {
      return step.value.then(
        (arrived: unknown) => advance(steps, steps.next(arrived instanceof Arrived ? arrived.value : arrived)),
        (thrown: unknown) => advance(steps, steps.throw(thrown)),
      );
    }
    step = steps.next(step.value);
  }
  return step.value;
}
