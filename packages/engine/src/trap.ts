import { ComponentTrapError, type TrapKind } from "./errors.ts";
import { wasm } from "./webassembly.ts";

/** V8 tells traps apart by message only, and generated code rewords most of them. A test pins each kind against both. */
const KIND_BY_MESSAGE: readonly (readonly [RegExp, TrapKind])[] = [
  [/unreachable/, "unreachable"],
  [/undefined element|uninitialized element|indirect call|signature mismatch|null function/, "indirect-call"],
  [/out of bounds/, "out-of-bounds"],
  [/divide by zero|remainder by zero|integer overflow|divide result/, "division"],
  [/unrepresentable|conversion to integer/, "conversion"],
  [/stack exhausted/, "stack-overflow"],
  [/unaligned|invalid/, "invalid-value"],
];

/** Whether the engine of JavaScript ran out of stack: the guest recursed too deep, wherever it happened to be noticed. */
export function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message === "Maximum call stack size exceeded";
}

/** The trap behind something thrown out of a guest by the guest itself. */
export function trapError(functionName: string, thrown: unknown): ComponentTrapError {
  const cause = { cause: thrown };
  if (isStackOverflow(thrown))
    return new ComponentTrapError(functionName, "stack-overflow", "the guest recursed too deep", cause);
  if (thrown instanceof wasm.Exception) {
    return new ComponentTrapError(functionName, "exception", "the guest threw an exception that nothing caught", cause);
  }
  if (thrown instanceof wasm.RuntimeError) {
    const kind = KIND_BY_MESSAGE.find(([pattern]) => pattern.test(thrown.message))?.[1] ?? "other";
    return new ComponentTrapError(functionName, kind, thrown.message, cause);
  }
  if (thrown instanceof Error) return new ComponentTrapError(functionName, "invalid-value", thrown.message, cause);
  return new ComponentTrapError(functionName, "other", String(thrown), cause);
}
