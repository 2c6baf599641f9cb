// The core functions of airssys:core-component: lift the arguments, ask the actor, lower its answer.
// The build renames `interface_function` to the canonical ABI's name, and `interface_function_post` to its post-return.
import { registeredActor } from "@airssys/guest/assemblyscript/actor";
import { Answer } from "@airssys/guest/assemblyscript/answers";
import {
  allocate,
  copyBytes,
  liftPairs,
  lowerBytes,
  lowerNumbers,
  lowerString,
  lowerStrings,
  releaseArguments,
  releaseResults,
  resultArea,
} from "@airssys/guest/assemblyscript/canonical";
import {
  ComponentConfig,
  ComponentId,
  ComponentMessage,
  ExecutionContext,
} from "@airssys/guest/assemblyscript/message";
import "@airssys/guest/assemblyscript/logging"; // holds `abort`, which the build names as where failures end
import { MessagingError } from "@airssys/guest/assemblyscript/messaging";

export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  return allocate(old, oldSize, align, size);
}

function text(start: usize, length: usize): string {
  return String.UTF8.decodeUnsafe(start, length);
}

function answer(given: Answer): usize {
  releaseArguments();
  return given.lower();
}

export function componentLifecycle_init(
  namespace: usize,
  namespaceLength: usize,
  name: usize,
  nameLength: usize,
  version: usize,
  versionLength: usize,
  values: usize,
  count: u32,
): usize {
  const id = new ComponentId(text(namespace, namespaceLength), text(name, nameLength), text(version, versionLength));
  return answer(registeredActor().init(new ComponentConfig(id, liftPairs(values, count))));
}

export function componentLifecycle_handleMessage(message: usize): usize {
  return answer(registeredActor().handleMessage(new ComponentMessage(message)));
}

export function componentLifecycle_execute(
  operation: usize,
  length: u32,
  isCorrelated: bool,
  correlation: usize,
  correlationLength: usize,
  isLimited: bool,
  remainingMillis: u64,
): usize {
  const correlationId: string | null = isCorrelated ? text(correlation, correlationLength) : null;
  const context = new ExecutionContext(correlationId, isLimited ? remainingMillis : u64.MAX_VALUE);
  const output = registeredActor().execute(copyBytes(operation, length), context);
  releaseArguments();
  return output.lower();
}

/** `outcome` is a flat `result<list<u8>, messaging-error>`: the payload, or the kind of error and its text. */
export function componentLifecycle_handleCallback(
  request: usize,
  requestLength: usize,
  isError: bool,
  first: usize,
  second: usize,
  third: usize,
): usize {
  const reply: Uint8Array | null = isError ? null : copyBytes(first, u32(second));
  const error: MessagingError | null = isError ? new MessagingError(u8(first), text(second, third)) : null;
  return answer(registeredActor().handleCallback(text(request, requestLength), reply, error));
}

export function componentLifecycle_metadata(): usize {
  const metadata = registeredActor().metadata();
  lowerString(resultArea, metadata.name);
  lowerString(resultArea + 8, metadata.version);
  lowerString(resultArea + 16, metadata.description);
  lowerStrings(resultArea + 24, metadata.operations);
  lowerNumbers(resultArea + 32, metadata.codecs);
  return resultArea;
}

export function componentLifecycle_health(): usize {
  return registeredActor().health().lower();
}

export function componentLifecycle_shutdown(): usize {
  return answer(registeredActor().shutdown());
}

export function componentState_snapshot(): usize {
  lowerBytes(resultArea, registeredActor().snapshot());
  return resultArea;
}

export function componentState_restore(state: usize, length: u32, fromVersion: usize, fromVersionLength: usize): usize {
  return answer(registeredActor().restore(copyBytes(state, length), text(fromVersion, fromVersionLength)));
}

export function componentState_snapshot_post(result: usize): void {
  releaseResults();
}

export function componentState_restore_post(result: usize): void {
  releaseResults();
}

export function componentLifecycle_init_post(result: usize): void {
  releaseResults();
}

export function componentLifecycle_handleMessage_post(result: usize): void {
  releaseResults();
}

export function componentLifecycle_execute_post(result: usize): void {
  releaseResults();
}

export function componentLifecycle_handleCallback_post(result: usize): void {
  releaseResults();
}

export function componentLifecycle_metadata_post(result: usize): void {
  releaseResults();
}

export function componentLifecycle_health_post(result: usize): void {
  releaseResults();
}

export function componentLifecycle_shutdown_post(result: usize): void {
  releaseResults();
}
