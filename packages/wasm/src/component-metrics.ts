export type MetricKind = "counter" | "gauge" | "histogram";

type Labels = readonly (readonly [name: string, value: string])[];

/** How many observations were at most `bound`; each bucket includes those before it. */
export interface Bucket {
  readonly bound: number;
  readonly count: number;
}

/** One series: a name with its labels, as one component reports it. */
export type MetricSeries = {
  /** `namespace/name` of the component. */
  readonly component: string;
  readonly name: string;
  /** By name, sorted. */
  readonly labels: Labels;
} & (
  | { readonly kind: "counter" | "gauge"; readonly value: number }
  | { readonly kind: "histogram"; readonly count: number; readonly sum: number; readonly buckets: readonly Bucket[] }
);

/** What a component reports beyond these is dropped and counted: its numbers must not fill the host's memory. */
const MOST = { series: 1000, nameLength: 128, labels: 16, labelLength: 128 } as const;

/** The default boundaries of OpenTelemetry's explicit-bucket histogram. */
const BOUNDS: readonly number[] = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly kind: MetricKind;
  value: number;
  count: number;
  /** Observations within each of `BOUNDS`, and beyond all of them. */
  readonly within: number[];
}

interface Reported {
  readonly series: Map<string, Series>;
  dropped: number;
}

/** The numbers that components report, for whoever shows them. They outlive restarts, as the operator's graphs do. */
export class ComponentMetrics {
  readonly #reported = new Map<string, Reported>();

  /** Every series of every component, as it is now. */
  series(): readonly MetricSeries[] {
    return [...this.#reported].flatMap(([component, { series }]) =>
      [...series.values()].map((one) => snapshotOf(component, one)),
    );
  }

  /** How many reports of a component were dropped: over its limits, not finite, of another kind before, or below zero for a counter. */
  dropped(component: string): number {
    return this.#reported.get(component)?.dropped ?? 0;
  }

  record(component: string, kind: MetricKind, name: string, labels: Labels, value: number): void {
    const reported = this.#reported.get(component) ?? { series: new Map<string, Series>(), dropped: 0 };
    this.#reported.set(component, reported);
    const isUsable = Number.isFinite(value) && (kind !== "counter" || value >= 0) && isWithinLimits(name, labels);
    const series = isUsable ? seriesOf(reported.series, kind, name, labels) : undefined;
    if (series === undefined) reported.dropped += 1;
    else add(series, value);
  }
}

function isWithinLimits(name: string, labels: Labels): boolean {
  if (name === "" || name.length > MOST.nameLength || labels.length > MOST.labels) return false;
  return labels.every(([label, text]) => label.length <= MOST.labelLength && text.length <= MOST.labelLength);
}

/** Undefined when there is no room for one more, or the name is that of another kind. */
function seriesOf(all: Map<string, Series>, kind: MetricKind, name: string, given: Labels): Series | undefined {
  const labels = given.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const key = JSON.stringify([name, labels]);
  const known = all.get(key);
  if (known !== undefined) return known.kind === kind ? known : undefined;
  if (all.size >= MOST.series) return undefined;
  const within = kind === "histogram" ? BOUNDS.map(() => 0) : [];
  const made: Series = { name, labels, kind, value: 0, count: 0, within };
  all.set(key, made);
  return made;
}

function add(series: Series, value: number): void {
  series.count += 1;
  if (series.kind === "gauge") series.value = value;
  else series.value += value;
  const bucket = series.kind === "histogram" ? BOUNDS.findIndex((bound) => value <= bound) : -1;
  if (bucket !== -1) series.within[bucket] = (series.within[bucket] ?? 0) + 1;
}

function snapshotOf(component: string, { name, labels, kind, value, count, within }: Series): MetricSeries {
  if (kind !== "histogram") return { component, name, labels, kind, value };
  let below = 0;
  const buckets = BOUNDS.map((bound, index) => ({ bound, count: (below += within[index] ?? 0) }));
  return { component, name, labels, kind, count, sum: value, buckets };
}
