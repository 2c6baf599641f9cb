export { VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
export { Probe } from "./probe.ts";
export { EventRecorder } from "./event-recorder.ts";
export { settled } from "./settled.ts";
