export { testComponent, type TestComponentOptions } from "./test-component.ts";
export type { ComponentBench, MessageOptions } from "./component-bench.ts";
export type { BenchRequest } from "./bench-request.ts";
export type { PublishedMessage, SentMessage } from "./outbox.ts";
export { BenchFailureError, BenchRejectedError, BenchRequestEndedError } from "../errors.ts";
