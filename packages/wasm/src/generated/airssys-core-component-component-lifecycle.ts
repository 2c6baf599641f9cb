// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-component/component-lifecycle@1.0.0 **/
/**
 * Called once, before anything else, on each fresh instance. An error refuses to start: the supervisor counts it as a
 * failure and tries again with backoff.
 */
export declare function init(config: ComponentConfig): void;
/**
 * Runs an operation for a caller that waits. Encoding of the operation and its answer is the component's own.
 */
export declare function execute(operation: Uint8Array, context: ExecutionContext): Uint8Array;
/**
 * Handles one message. The returned payload answers a request and is dropped when nobody asked. An error is an answer
 * too: the asker gets it, and without an asker the message becomes a dead letter. To answer after this call has returned,
 * call `messaging.defer-reply` in it: then what is returned here does not matter.
 */
export declare function handleMessage(message: ComponentMessage): Uint8Array | undefined;
/**
 * The end of a request made with `messaging.request`: the reply, or why there is none. Called exactly once for each
 * request that was not cancelled.
 */
export declare function handleCallback(request: RequestId, outcome: Result<Uint8Array, MessagingError>): void;
/**
 * What this component is. Has no effects and may be called at any time after `init`.
 */
export declare function metadata(): ComponentMetadata;
/**
 * Whether it works. Answer quickly: it runs between messages.
 */
export declare function health(): HealthStatus;
/**
 * Called once before a planned stop, within the shutdown time; not after a trap. An error is reported and changes nothing.
 */
export declare function shutdown(): void;
export type ComponentError = import('./airssys-core-types-types.ts').ComponentError;
export type ComponentId = import('./airssys-core-types-types.ts').ComponentId;
export type CorrelationId = import('./airssys-core-types-types.ts').CorrelationId;
export type ExecutionError = import('./airssys-core-types-types.ts').ExecutionError;
export type HealthStatus = import('./airssys-core-types-types.ts').HealthStatus;
export type MessagingError = import('./airssys-core-types-types.ts').MessagingError;
export type RequestId = import('./airssys-core-types-types.ts').RequestId;
export type Timestamp = import('./airssys-core-types-types.ts').Timestamp;
/**
 * What `init` is given.
 */
export interface ComponentConfig {
  /**
   * Who this instance is.
   */
  id: ComponentId,
  /**
   * The `[config]` table of Component.toml, in the order written. A value that is not a string is given as JSON.
   */
  values: Array<[string, string]>,
}
/**
 * A message as it reaches its receiver.
 */
export interface ComponentMessage {
  /**
   * The sending component; none when the host or a plain actor sent it.
   */
  sender?: ComponentId,
  /**
   * Begins with a multicodec prefix: raw bytes 0x55, cbor 0x51, json 0x80 0x04, messagepack 0x81 0x04, protobuf 0x50.
   */
  payload: Uint8Array,
  /**
   * The topic it was published to; none when it was sent to this component.
   */
  topic?: string,
  /**
   * Present when the sender waits for a reply: the payload that `handle-message` returns.
   */
  correlationId?: CorrelationId,
  /**
   * When it was sent.
   */
  timestamp: Timestamp,
  headers: Array<[string, string]>,
}
/**
 * On whose behalf an operation runs.
 */
export interface ExecutionContext {
  correlationId?: CorrelationId,
  /**
   * Milliseconds that remain before the caller stops waiting; none when it waits for ever.
   */
  remainingMillis?: bigint,
}
export interface ComponentMetadata {
  name: string,
  version: string,
  description: string,
  /**
   * What `execute` understands.
   */
  operations: Array<string>,
  /**
   * Multicodec codes that `handle-message` understands, such as 0x51 for cbor or 0x0200 for json; empty means any. What
   * comes in another codec is refused for it, at the sender.
   */
  codecs: Uint32Array,
}
export type Result<T, E> = { tag: 'ok', val: T } | { tag: 'err', val: E };
