import * as host from "./host/metrics";
import { PairList } from "./canonical";

/** Labels as pairs of name and value. */
export type Labels = Array<StaticArray<string>>;

/** Adds to a counter. */
export function counter(name: string, labels: Labels, add: f64): void {
  const text = String.UTF8.encode(name);
  const list = new PairList(labels);
  host.counter(changetype<usize>(text), text.byteLength, list.start, list.count, add);
}

/** Sets a gauge. */
export function gauge(name: string, labels: Labels, value: f64): void {
  const text = String.UTF8.encode(name);
  const list = new PairList(labels);
  host.gauge(changetype<usize>(text), text.byteLength, list.start, list.count, value);
}

/** Records one observation. */
export function histogram(name: string, labels: Labels, value: f64): void {
  const text = String.UTF8.encode(name);
  const list = new PairList(labels);
  host.histogram(changetype<usize>(text), text.byteLength, list.start, list.count, value);
}
