import { isPromise } from "node:util/types";

/** A value at once where that can be, and else a promise of it: what runs on this thread pays for no promise. */
export type Later<T> = T | Promise<T>;

/** Goes on with a value when it is there. */
export function andThen<T, R>(value: Later<T>, go: (value: T) => Later<R>): Later<R> {
  return isPromise(value) ? value.then(go) : go(value);
}

/** Does something, and something else with what it threw or rejected with. */
export function orElse<T>(act: () => Later<T>, recover: (error: unknown) => Later<T>): Later<T> {
  try {
    const value = act();
    return isPromise(value) ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}

/** Does something, and then the other thing whatever came of it. When both fail, the error of the second has that of the first. */
export function andFinally<T>(act: () => Later<T>, last: () => Later<void>): Later<T> {
  const outcome = orElse<() => Later<T>>(
    () => andThen(act(), (value) => () => andThen(last(), () => value)),
    (error) => () =>
      andThen(
        orElse(last, (lastError) => {
          throw new SuppressedError(lastError, error, "what comes last failed too");
        }),
        () => {
          throw error;
        },
      ),
  );
  return andThen(outcome, (settle) => settle());
}
