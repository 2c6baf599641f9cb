// Generated from wit/ by `pnpm generate`. Do not edit.
declare module 'airssys:core-types/types@1.0.0' {
  /**
   * Names a component: written `namespace/name`, as in `shop/order-parser`. The version is informative: messages are
   * addressed without it.
   */
  export interface ComponentId {
    namespace: string,
    name: string,
    /**
     * Semantic version, as in `1.2.0`.
     */
    version: string,
  }
  /**
   * Names one request of one component; unique within the host's lifetime.
   */
  export type RequestId = string;
  /**
   * Ties a reply to its request. Copy it, never make one up.
   */
  export type CorrelationId = string;
  /**
   * Time since the Unix epoch, UTC.
   */
  export interface Timestamp {
    seconds: bigint,
    /**
     * 0 to 999,999,999.
     */
    nanoseconds: number,
  }
  /**
   * # Variants
   * 
   * ## `"trace"`
   * 
   * ## `"debug"`
   * 
   * ## `"info"`
   * 
   * ## `"warn"`
   * 
   * ## `"error"`
   */
  export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /**
   * What a component says of itself when asked; the text is for the operator.
   */
  export type HealthStatus = HealthStatusHealthy | HealthStatusDegraded | HealthStatusUnhealthy;
  export interface HealthStatusHealthy {
    tag: 'healthy',
  }
  /**
   * Works, but not as it should.
   */
  export interface HealthStatusDegraded {
    tag: 'degraded',
    val: string,
  }
  /**
   * Counts as a failed check: enough of them in a row and the supervisor restarts the component.
   */
  export interface HealthStatusUnhealthy {
    tag: 'unhealthy',
    val: string,
  }
  /**
   * An answer that says no. The component lives on; to be restarted, it traps.
   */
  export type ComponentError = ComponentErrorInvalidConfig | ComponentErrorInvalidInput | ComponentErrorUnsupported | ComponentErrorFailed;
  /**
   * The configuration handed to `init` cannot be used.
   */
  export interface ComponentErrorInvalidConfig {
    tag: 'invalid-config',
    val: string,
  }
  /**
   * The message or operation cannot be understood.
   */
  export interface ComponentErrorInvalidInput {
    tag: 'invalid-input',
    val: string,
  }
  /**
   * This component does not do what was asked of it.
   */
  export interface ComponentErrorUnsupported {
    tag: 'unsupported',
    val: string,
  }
  /**
   * It was understood and failed.
   */
  export interface ComponentErrorFailed {
    tag: 'failed',
    val: string,
  }
  export type ExecutionError = ExecutionErrorUnknownOperation | ExecutionErrorInvalidInput | ExecutionErrorFailed;
  /**
   * No operation of that name or shape.
   */
  export interface ExecutionErrorUnknownOperation {
    tag: 'unknown-operation',
    val: string,
  }
  export interface ExecutionErrorInvalidInput {
    tag: 'invalid-input',
    val: string,
  }
  export interface ExecutionErrorFailed {
    tag: 'failed',
    val: string,
  }
  /**
   * Why a message was not accepted. Nothing was sent in any of these cases.
   */
  export type MessagingError = MessagingErrorComponentNotFound | MessagingErrorNotPermitted | MessagingErrorMailboxFull | MessagingErrorQuotaExceeded | MessagingErrorPayloadTooLarge | MessagingErrorUnsupportedCodec | MessagingErrorTimeout | MessagingErrorSendFailed;
  /**
   * Nobody of that name is running.
   */
  export interface MessagingErrorComponentNotFound {
    tag: 'component-not-found',
    val: string,
  }
  /**
   * Component.toml does not ask for it, or the receiver does not receive from this sender.
   */
  export interface MessagingErrorNotPermitted {
    tag: 'not-permitted',
    val: string,
  }
  /**
   * The receiver has as many messages waiting as it is ready to hold. Try later.
   */
  export interface MessagingErrorMailboxFull {
    tag: 'mailbox-full',
    val: string,
  }
  /**
   * This component sends faster than its quota, or has as many requests or subscriptions open as it may. Try later.
   */
  export interface MessagingErrorQuotaExceeded {
    tag: 'quota-exceeded',
    val: string,
  }
  /**
   * Larger than the system takes in one message, or than the receiver has room for: an eighth of its memory.
   */
  export interface MessagingErrorPayloadTooLarge {
    tag: 'payload-too-large',
    val: string,
  }
  /**
   * The payload does not begin with a codec prefix that is known.
   */
  export interface MessagingErrorUnsupportedCodec {
    tag: 'unsupported-codec',
    val: string,
  }
  /**
   * No reply before the deadline. The request may still have been handled.
   */
  export interface MessagingErrorTimeout {
    tag: 'timeout',
    val: string,
  }
  /**
   * Anything else; for a request: the receiver crashed or stopped before it replied.
   */
  export interface MessagingErrorSendFailed {
    tag: 'send-failed',
    val: string,
  }
}
