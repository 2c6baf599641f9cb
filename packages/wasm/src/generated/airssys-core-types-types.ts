// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-types/types@1.0.0 **/
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
/**
 * Why the store did not do what it was asked to. Nothing was changed in any of these cases.
 */
export type StorageError = StorageErrorNotPermitted | StorageErrorInvalidKey | StorageErrorValueTooLarge | StorageErrorQuotaExceeded | StorageErrorUnavailable;
/**
 * Component.toml does not ask for this namespace, or it was not granted.
 */
export interface StorageErrorNotPermitted {
  tag: 'not-permitted',
  val: string,
}
/**
 * A key is empty or longer than 1,024 bytes of UTF-8, or a cursor is none that `list-keys` gave.
 */
export interface StorageErrorInvalidKey {
  tag: 'invalid-key',
  val: string,
}
/**
 * The value is larger than the component may keep, or more changes were to be made at once than can be.
 */
export interface StorageErrorValueTooLarge {
  tag: 'value-too-large',
  val: string,
}
/**
 * The namespaces of the component would hold more bytes than their quota.
 */
export interface StorageErrorQuotaExceeded {
  tag: 'quota-exceeded',
  val: string,
}
/**
 * The store cannot be reached or written to now. Try later.
 */
export interface StorageErrorUnavailable {
  tag: 'unavailable',
  val: string,
}
/**
 * Why a file or directory was not read or changed.
 */
export type FileError = FileErrorNotPermitted | FileErrorInvalidPath | FileErrorNotFound | FileErrorAlreadyExists | FileErrorNotADirectory | FileErrorIsADirectory | FileErrorDirectoryNotEmpty | FileErrorTooLarge | FileErrorNoRoom | FileErrorFailed;
/**
 * No grant covers this path and action, or the path is one that is never granted.
 */
export interface FileErrorNotPermitted {
  tag: 'not-permitted',
  val: string,
}
/**
 * Not an absolute path, or not one at all.
 */
export interface FileErrorInvalidPath {
  tag: 'invalid-path',
  val: string,
}
export interface FileErrorNotFound {
  tag: 'not-found',
  val: string,
}
export interface FileErrorAlreadyExists {
  tag: 'already-exists',
  val: string,
}
export interface FileErrorNotADirectory {
  tag: 'not-a-directory',
  val: string,
}
export interface FileErrorIsADirectory {
  tag: 'is-a-directory',
  val: string,
}
export interface FileErrorDirectoryNotEmpty {
  tag: 'directory-not-empty',
  val: string,
}
/**
 * More bytes than are taken or given in one call: open the file and read it in parts.
 */
export interface FileErrorTooLarge {
  tag: 'too-large',
  val: string,
}
/**
 * As many files are open as may be, or the device is full.
 */
export interface FileErrorNoRoom {
  tag: 'no-room',
  val: string,
}
/**
 * The operating system says so; the text is its name for it, such as `EIO`.
 */
export interface FileErrorFailed {
  tag: 'failed',
  val: string,
}
/**
 * Why something was not sent or received over a network.
 */
export type NetworkError = NetworkErrorNotPermitted | NetworkErrorInvalidRequest | NetworkErrorNameNotResolved | NetworkErrorConnectionRefused | NetworkErrorConnectionClosed | NetworkErrorTimeout | NetworkErrorTooLarge | NetworkErrorQuotaExceeded | NetworkErrorFailed;
/**
 * No grant covers this host and port, or the address that the name stands for is one that is never granted.
 */
export interface NetworkErrorNotPermitted {
  tag: 'not-permitted',
  val: string,
}
/**
 * Not a URL, host, port, method or header.
 */
export interface NetworkErrorInvalidRequest {
  tag: 'invalid-request',
  val: string,
}
/**
 * No address for this name.
 */
export interface NetworkErrorNameNotResolved {
  tag: 'name-not-resolved',
  val: string,
}
export interface NetworkErrorConnectionRefused {
  tag: 'connection-refused',
  val: string,
}
/**
 * The other side ended it, or it was closed here.
 */
export interface NetworkErrorConnectionClosed {
  tag: 'connection-closed',
  val: string,
}
export interface NetworkErrorTimeout {
  tag: 'timeout',
  val: string,
}
/**
 * More bytes than are taken in one answer.
 */
export interface NetworkErrorTooLarge {
  tag: 'too-large',
  val: string,
}
/**
 * More bytes or connections than the quota.
 */
export interface NetworkErrorQuotaExceeded {
  tag: 'quota-exceeded',
  val: string,
}
export interface NetworkErrorFailed {
  tag: 'failed',
  val: string,
}
/**
 * Why a process was not started, or what befell it.
 */
export type ProcessError = ProcessErrorNotPermitted | ProcessErrorNotFound | ProcessErrorInvalidArgument | ProcessErrorQuotaExceeded | ProcessErrorTimeout | ProcessErrorClosed | ProcessErrorFailed;
/**
 * No grant covers this program.
 */
export interface ProcessErrorNotPermitted {
  tag: 'not-permitted',
  val: string,
}
/**
 * The program is not there or cannot be run.
 */
export interface ProcessErrorNotFound {
  tag: 'not-found',
  val: string,
}
/**
 * An argument, variable or directory that cannot be passed on.
 */
export interface ProcessErrorInvalidArgument {
  tag: 'invalid-argument',
  val: string,
}
/**
 * As many processes run as may.
 */
export interface ProcessErrorQuotaExceeded {
  tag: 'quota-exceeded',
  val: string,
}
export interface ProcessErrorTimeout {
  tag: 'timeout',
  val: string,
}
/**
 * Its input has been closed, or it has ended.
 */
export interface ProcessErrorClosed {
  tag: 'closed',
  val: string,
}
export interface ProcessErrorFailed {
  tag: 'failed',
  val: string,
}
