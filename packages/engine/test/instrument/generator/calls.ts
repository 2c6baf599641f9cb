import { type Body, takeAway, values, type Way } from "./body.ts";
import type { Signature } from "./signature.ts";

/** The ways to call something, and what it gives back put into locals. */
export function calls(body: Body, depth: number): readonly Way[] {
  const { choices, callable } = body;
  const host = (): string => `(local.set ${body.local("i32")} (call $note ${body.value("i32", depth - 1)}))`;
  if (callable.length === 0) return [host];
  return [
    () => callAndTake(body, choices.pick(callable), depth),
    host,
    () => `(local.set ${body.local("i32")} (call $back ${body.value("i32", depth - 1)}))`,
  ];
}

function callAndTake(body: Body, callee: Signature, depth: number): string {
  return `${callTo(body, callee, depth)} ${takeAway(body, callee.results)}`;
}

function callTo(body: Body, callee: Signature, depth: number): string {
  const given = values(body, callee.parameters, depth - 1);
  const direct = `(call ${callee.name} ${given})`;
  if (callee.reach === "inner") return direct;
  if (callee.reach === "exported") {
    return body.choices.once(8) ? `(call_ref ${callee.name}_type ${given} (ref.func ${callee.name}))` : direct;
  }
  return body.choices.pick([
    direct,
    `(call_indirect $t (type ${callee.name}_type) ${given} ${placeOf(body, callee)})`,
    `(call_ref ${callee.name}_type ${given} (ref.func ${callee.name}))`,
  ]);
}

/** Where it is in the table at the start; now and then, anything. */
function placeOf(body: Body, callee: Signature): string {
  const place = body.surroundings.functions.indexOf(callee);
  return body.choices.once(12) ? `(i32.and ${body.value("i32", 1)} (i32.const 7))` : `(i32.const ${place})`;
}

/** A tail call of something with the same results; undefined when there is nothing. */
export function tailCall(body: Body): string | undefined {
  const { choices, signature } = body;
  const same = body.callable.filter(({ results }) => results.join() === signature.results.join());
  if (same.length === 0) return undefined;
  const callee = choices.pick(same);
  const given = values(body, callee.parameters, 1);
  const direct = `(return_call ${callee.name} ${given})`;
  if (callee.reach !== "referenced") return choices.once(3) ? direct : undefined;
  return choices.pick([
    direct,
    `(return_call_indirect $t (type ${callee.name}_type) ${given} ${placeOf(body, callee)})`,
    `(return_call_ref ${callee.name}_type ${given} (ref.func ${callee.name}))`,
  ]);
}
