/** Milliseconds since the Unix epoch. */
export type Now = () => number;

/** The machine's own time; pass another to make time a matter of the test. */
export const wallTime: Now = () => Date.now();
