import { type Body, type Label, takeAway, values, type Way } from "./body.ts";
import { list, TYPES, type ValueType } from "./signature.ts";

/** The ways to put statements into a block. */
export function blocks(body: Body, depth: number): readonly Way[] {
  const label = { name: body.fresh("$l"), types: [] };
  const inside = (): string => body.within(label, () => body.statements(depth));
  const condition = (): string => body.value("i32", depth);
  return [
    () => `(block ${label.name} ${inside()})`,
    () => `(if ${label.name} ${condition()} (then ${inside()}))`,
    () => `(if ${label.name} ${condition()} (then ${inside()}) (else ${inside()}))`,
    () => loop(body, depth),
    () => loop(body, depth),
    () => loopWithValues(body, depth),
    () => `(block ${label.name} (local.set $r (br_on_null ${label.name} (local.get $r))) ${inside()})`,
    () => `(block ${label.name} ${choose(body, label.name, depth)})`,
    () => blockWithValues(body, depth),
    () => cast(body, depth),
  ];
}

/** A loop that runs a few times: its head is passed by fall-through and by branches, and its counter is its own. */
function loop(body: Body, depth: number): string {
  const [counter, exit, head] = [body.counter(), body.fresh("$x"), body.fresh("$h")];
  const times = 1 + body.choices.below(3);
  const statements = body.within({ name: exit, types: [] }, () => body.statements(depth));
  const countDown = `(local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1)))`;
  const again = body.choices.pick([
    `(br_if ${head} ${countDown})`,
    `(br_if ${exit} (i32.eqz ${countDown})) (br ${head})`,
    `(br_table ${exit} ${head} (i32.ne (i32.const 0) ${countDown}))`,
  ]);
  return `(local.set ${counter} (i32.const ${times})) (block ${exit} (loop ${head} ${statements} ${again}))`;
}

/** A loop that takes two values each time round, and leaves one. */
function loopWithValues(body: Body, depth: number): string {
  const [counter, head] = [body.counter(), body.fresh("$h")];
  const statements = body.statements(depth - 1);
  const given = `${body.value("i32", depth)} ${body.value("i64", depth)}`;
  return `(local.set ${counter} (i32.const ${1 + body.choices.below(3)})) ${given}
    loop ${head} (param i32 i64) (result i64)
      local.set ${body.local("i64")} local.set ${body.local("i32")} ${statements}
      (if (local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1)))
        (then (br ${head} ${body.value("i32", 1)} ${body.value("i64", 1)})))
      ${body.value("i64", 1)}
    end local.set ${body.local("i64")}`;
}

/** A block that takes values and leaves others. */
function blockWithValues(body: Body, depth: number): string {
  const { choices } = body;
  const type = (): ValueType => choices.pick(TYPES);
  const [parameters, results] = [choices.some(2, type), choices.some(3, type)];
  const label: Label = { name: body.fresh("$b"), types: results };
  const statements = body.within(label, () => body.statements(depth - 1));
  return `${values(body, parameters, depth - 1)}
    block ${label.name} ${list("param", parameters)} ${list("result", results)}
      ${takeAway(body, parameters)} ${statements} ${values(body, results, depth - 1)}
    end ${takeAway(body, results)}`;
}

function choose(body: Body, label: string, depth: number): string {
  const inner = body.fresh("$i");
  const targets = [inner, ...body.choices.some(3, () => body.choices.pick([label, inner]))].join(" ");
  const rest = body.within({ name: label, types: [] }, () => body.statements(depth));
  return `(block ${inner} (br_table ${targets} ${body.value("i32", depth)})) ${rest}`;
}

/** Leaves a block by what an object is. */
function cast(body: Body, depth: number): string {
  const name = body.fresh("$q");
  const operator = body.choices.pick(["br_on_cast", "br_on_cast_fail"]);
  const statements = body.statements(depth - 1);
  const types = operator === "br_on_cast" ? "(ref null $s) (ref null $s)" : "(ref null $s) (ref $s)";
  return `(local.set $r (block ${name} (result (ref null $s))
    (${operator} ${name} ${types} (local.get $r)) drop ${statements} (ref.null $s)))`;
}

/** The ways to branch out of what is around. */
export function branches(body: Body, depth: number): readonly Way[] {
  const { choices, signature } = body;
  const condition = (): string => body.value("i32", depth - 1);
  const leave = (): string => `(if ${condition()} (then (return ${values(body, signature.results, depth - 1)})))`;
  if (body.labels.length === 0) return [leave];
  return [
    () => {
      const { name, types } = choices.pick(body.labels);
      if (types.length > 0) return `(if ${condition()} (then (br ${name} ${values(body, types, depth - 1)})))`;
      return choices.once(4) ? `(br ${name})` : `(br_if ${name} ${condition()})`;
    },
    leave,
  ];
}

/** An expression that is a block. */
export function valueBlock(body: Body, type: ValueType, depth: number): string {
  const label: Label = { name: body.fresh("$v"), types: [type] };
  const statements = body.within(label, () => (body.choices.once(2) ? body.statements(Math.min(depth, 2)) : ""));
  return `(block ${label.name} (result ${type}) ${statements} ${body.value(type, depth)})`;
}
