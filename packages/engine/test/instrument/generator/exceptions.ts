import type { Body, Way } from "./body.ts";

/** The ways to catch what is thrown in some statements. */
export function handlers(body: Body, depth: number): readonly Way[] {
  switch (body.surroundings.exceptions) {
    case "none":
      return [];
    case "old":
      return [() => oldTry(body, depth)];
    case "new":
      return [() => tryAll(body, depth), () => tryWithPayload(body, depth)];
  }
}

/** The ways to throw. */
export function throws(body: Body, depth: number): readonly Way[] {
  if (body.surroundings.exceptions === "none") return [];
  return [
    () => "(throw $plain)",
    () => `(throw $number ${body.value("i32", depth - 1)})`,
    () => `(if ${body.value("i32", depth - 1)} (then (throw $number ${body.value("i32", depth - 1)})))`,
  ];
}

function oldTry(body: Body, depth: number): string {
  const { choices } = body;
  const name = body.fresh("$t");
  const inside = body.within({ name, types: [] }, () => body.statements(depth));
  if (choices.once(4)) return `try ${name} ${inside} delegate 0`;
  const handler = body.statements(depth);
  const rethrow = choices.once(3) ? `rethrow ${name}` : "";
  const clauses = [`catch $number local.set ${body.local("i32")} ${handler}`, `catch_all ${handler} ${rethrow}`];
  return `try ${name} ${inside} ${clauses.slice(choices.below(2)).join(" ")} end`;
}

function tryAll(body: Body, depth: number): string {
  const [name, caught] = [body.fresh("$t"), body.fresh("$k")];
  const inside = body.within({ name, types: [] }, () => body.statements(depth));
  return `(block ${caught} (try_table ${name} (catch_all ${caught}) ${inside})) ${body.statements(depth)}`;
}

function tryWithPayload(body: Body, depth: number): string {
  const [name, caught, other] = [body.fresh("$t"), body.fresh("$k"), body.fresh("$o")];
  const inside = body.within({ name, types: [] }, () => body.statements(depth));
  const after = body.choices.pick([`drop local.set ${body.local("i32")}`, "throw_ref"]);
  return `(block ${other} (block ${caught} (result i32 exnref)
      (try_table ${name} (catch_ref $number ${caught}) (catch $plain ${other}) ${inside}) (i32.const 1) (br ${other}))
    ${after}) ${body.statements(depth)}`;
}
