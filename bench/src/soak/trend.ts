/** A quantity at some time. */
export interface Point {
  readonly minute: number;
  readonly bytes: number;
}

export interface Trend {
  /** Least squares. */
  readonly bytesPerMinute: number;
  /** Standard error of it. */
  readonly error: number;
}

/** How a quantity grows, as far as its scatter allows to say: NaN for fewer than three points. */
export function trendOf(points: readonly Point[]): Trend {
  const count = points.length;
  const meanMinute = points.reduce((sum, { minute }) => sum + minute, 0) / count;
  const meanBytes = points.reduce((sum, { bytes }) => sum + bytes, 0) / count;
  let spread = 0;
  let together = 0;
  for (const { minute, bytes } of points) {
    spread += (minute - meanMinute) ** 2;
    together += (minute - meanMinute) * (bytes - meanBytes);
  }
  const bytesPerMinute = together / spread;
  const scatter = points.reduce(
    (sum, { minute, bytes }) => sum + (bytes - meanBytes - bytesPerMinute * (minute - meanMinute)) ** 2,
    0,
  );
  return { bytesPerMinute, error: Math.sqrt(scatter / (count - 2) / spread) };
}

export type Verdict = "flat" | "growing" | "uncertain" | "too few samples";

/** Growth that is none: at some four thousand messages a second, a byte for every twenty-four messages. */
const FLAT_BYTES_PER_MINUTE = 10_000;
const ENOUGH_SAMPLES = 10;

/** Whether the trend is surely below what counts as flat, surely above, or neither. */
export function verdictOn({ bytesPerMinute, error }: Trend, samples: number): Verdict {
  if (samples < ENOUGH_SAMPLES) return "too few samples";
  if (bytesPerMinute + 2 * error < FLAT_BYTES_PER_MINUTE) return "flat";
  return bytesPerMinute - 2 * error > FLAT_BYTES_PER_MINUTE ? "growing" : "uncertain";
}
