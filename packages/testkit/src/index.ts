// Instead of waiting
export { VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
export { settled } from "./settled.ts";

// Looking on
export { Probe } from "./probe.ts";
export { EventRecorder } from "./event-recorder.ts";

// Chance that can be repeated
export { seededRandom } from "./seeded-random.ts";
export { seededDispatch } from "./seeded-dispatch.ts";
export { underSeeds, type SeedRange } from "./under-seeds.ts";

// Faults
export { withFaults, type Faults, type Which } from "./with-faults.ts";
export {
  InjectedCrashError,
  InjectedDropError,
  SeedFailedError,
  TestkitError,
  type TestkitErrorCode,
} from "./errors.ts";
