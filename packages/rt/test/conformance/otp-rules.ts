import type { AutoShutdown, Restart, Strategy } from "../../src/index.ts";
import type { DynamicNode, Node, Path, Script, StaticNode, Step, WorkerNode } from "../differential/script.ts";

/** A rule of OTP's manual or a case of its `supervisor_SUITE`, as a script and what comes of its last step. */
export interface Rule {
  readonly rule: string;
  readonly script: Script;
  /** The result of the last step, what was started (+), stopped (-) or failed to start (!), and the tree after. */
  readonly outcome: string;
}

type Leaving = Extract<Step, { does: "leave" }>["reason"];

function worker(id: string, more: Partial<WorkerNode> = {}): WorkerNode {
  return { kind: "worker", id, restart: "permanent", significant: false, shutdown: 5000, ...more };
}

function tree(strategy: Strategy, children: readonly Node[], more: Partial<StaticNode> = {}): StaticNode {
  const flags = { restart: "permanent", significant: false, intensity: 3, autoShutdown: "never" } as const;
  return { kind: "supervisor", id: "r", strategy, children, ...flags, ...more };
}

function dynamic(more: Partial<DynamicNode["template"]> = {}, flags: Partial<DynamicNode> = {}): DynamicNode {
  const template = { restart: "permanent", significant: false, shutdown: 5000, ...more } as const;
  const membership = { id: "d", restart: "permanent", significant: false } as const;
  return { kind: "dynamic", ...membership, intensity: 3, autoShutdown: "never", template, ...flags };
}

function at(path: string): Path {
  return path.split(".");
}

function leave(path: string, reason: Leaving): Step {
  return { does: "leave", path: at(path), reason };
}

function child(does: "terminate" | "restart" | "delete", id: string, path = "r"): Step {
  return { does, path: at(path), id };
}

function fails(path: string, times: number): Step {
  return { does: "fail", path: at(path), times };
}

function given(rule: string, root: StaticNode, steps: readonly Step[], outcome: string): Rule {
  return { rule, script: { root, failing: [], steps }, outcome };
}

const reasons: readonly Leaving[] = ["normal", "shutdown", "error"];

/** Children a, b and c, started in that order; b leaves. By strategy and restart: what comes of it, for each reason. */
const matrix: readonly (readonly [Strategy, Restart, readonly [string, string, string]])[] = [
  ["one-for-one", "permanent", ["+r.b;r(a b c)", "+r.b;r(a b c)", "+r.b;r(a b c)"]],
  ["one-for-one", "transient", [";r(a b:down c)", ";r(a b:down c)", "+r.b;r(a b c)"]],
  ["one-for-one", "temporary", [";r(a c)", ";r(a c)", ";r(a c)"]],
  [
    "one-for-all",
    "permanent",
    ["-r.c -r.a +r.a +r.b +r.c;r(a b c)", "-r.c -r.a +r.a +r.b +r.c;r(a b c)", "-r.c -r.a +r.a +r.b +r.c;r(a b c)"],
  ],
  ["one-for-all", "transient", [";r(a b:down c)", ";r(a b:down c)", "-r.c -r.a +r.a +r.b +r.c;r(a b c)"]],
  ["one-for-all", "temporary", [";r(a c)", ";r(a c)", ";r(a c)"]],
  ["rest-for-one", "permanent", ["-r.c +r.b +r.c;r(a b c)", "-r.c +r.b +r.c;r(a b c)", "-r.c +r.b +r.c;r(a b c)"]],
  ["rest-for-one", "transient", [";r(a b:down c)", ";r(a b:down c)", "-r.c +r.b +r.c;r(a b c)"]],
  ["rest-for-one", "temporary", [";r(a c)", ";r(a c)", ";r(a c)"]],
];

export const leaving: readonly Rule[] = matrix.flatMap(([strategy, restart, outcomes]) =>
  reasons.map((reason, index) =>
    given(
      `under ${strategy}, a ${restart} child that leaves with ${reason}`,
      tree(strategy, [worker("a"), worker("b", { restart }), worker("c")]),
      [leave("r.b", reason)],
      `ok;${outcomes[index] ?? ""}`,
    ),
  ),
);

const abc = [worker("a"), worker("b"), worker("c")];
const inner = (more: Partial<StaticNode> = {}): StaticNode =>
  tree("one-for-one", [worker("e"), worker("f")], { id: "s", intensity: 0, ...more });
const significant = (id: string, restart: Restart = "transient"): WorkerNode =>
  worker(id, { restart, significant: true });
const ending = (autoShutdown: AutoShutdown, children: readonly Node[]): StaticNode =>
  tree("one-for-one", children, { autoShutdown });

/** Named after the cases of `supervisor_SUITE` where there is one. */
export const groups: readonly Rule[] = [
  given(
    "temporary bystanders of a group restart are stopped and forgotten",
    tree("one-for-all", [worker("a"), worker("b", { restart: "temporary" }), worker("c")]),
    [leave("r.a", "error")],
    "ok;-r.c -r.b +r.a +r.c;r(a c)",
  ),
  given(
    "temporary bystanders before the failed child are left alone under rest-for-one",
    tree("rest-for-one", [worker("a", { restart: "temporary" }), worker("b"), worker("c")]),
    [leave("r.b", "error")],
    "ok;-r.c +r.b +r.c;r(a b c)",
  ),
  given(
    "a transient child that had ended is started with its group",
    tree("one-for-all", [worker("a"), worker("b", { restart: "transient" })]),
    [leave("r.b", "normal"), leave("r.a", "error")],
    "ok;+r.a +r.b;r(a b)",
  ),
  given(
    "a child that was terminated is started with its group",
    tree("rest-for-one", abc),
    [child("terminate", "c"), leave("r.b", "error")],
    "ok;+r.b +r.c;r(a b c)",
  ),
  given(
    "one-for-all, other child fails restart: the group is restarted once more",
    tree("one-for-all", abc),
    [fails("r.c", 1), leave("r.a", "error")],
    "ok;-r.c -r.b +r.a +r.b !r.c -r.b -r.a +r.a +r.b +r.c;r(a b c)",
  ),
  given(
    "rest-for-one, other child fails restart: the rest is restarted from there",
    tree("rest-for-one", abc),
    [fails("r.b", 1), leave("r.a", "error")],
    "ok;-r.c -r.b +r.a !r.b +r.b +r.c;r(a b c)",
  ),
  given(
    "the restart of a group counts once",
    tree("one-for-all", abc, { intensity: 2 }),
    [leave("r.a", "error"), leave("r.b", "error")],
    "ok;-r.c -r.a +r.a +r.b +r.c;r(a b c)",
  ),
  given(
    "each attempt of a restart that fails counts",
    tree("one-for-one", abc, { intensity: 2 }),
    [fails("r.b", 2), leave("r.b", "error")],
    "ok;!r.b !r.b -r.c -r.a;ended shutdown",
  ),
];

export const escalation: readonly Rule[] = [
  given(
    "a supervisor that reached its intensity stops its children in reverse and ends with shutdown",
    tree("one-for-one", abc, { intensity: 1 }),
    [leave("r.b", "error"), leave("r.b", "error")],
    "ok;-r.c -r.a;ended shutdown",
  ),
  given(
    "a permanent supervisor that gave up is restarted",
    tree("one-for-one", [worker("a"), inner()]),
    [leave("r.s.e", "error")],
    "ok;-r.s.f +r.s.e +r.s.f;r(a s(e f))",
  ),
  given(
    "a transient supervisor that gave up stays down, because its reason is shutdown",
    tree("one-for-one", [worker("a"), inner({ restart: "transient" })]),
    [leave("r.s.e", "error")],
    "ok;-r.s.f;r(a s:down)",
  ),
  given(
    "a temporary supervisor that gave up is forgotten",
    tree("one-for-one", [worker("a"), inner({ restart: "temporary" })]),
    [leave("r.s.e", "error")],
    "ok;-r.s.f;r(a)",
  ),
  given(
    "rest-for-one escalation: a supervisor that gave up takes the rest with it",
    tree("rest-for-one", [worker("a"), inner(), worker("c")]),
    [leave("r.s.e", "error")],
    "ok;-r.s.f -r.c +r.s.e +r.s.f +r.c;r(a s(e f) c)",
  ),
  given(
    "children that were added are not there after a restart of their supervisor",
    tree("one-for-one", [inner()]),
    [{ does: "start", path: at("r.s"), node: worker("g") }, leave("r.s.e", "error")],
    "ok;-r.s.g -r.s.f +r.s.e +r.s.f;r(s(e f))",
  ),
];

export const autoShutdown: readonly Rule[] = [
  given(
    "any-significant: the first significant child that ends normally ends the supervisor",
    ending("any-significant", [worker("a"), significant("b"), significant("c")]),
    [leave("r.b", "normal")],
    "ok;-r.c -r.a;ended shutdown",
  ),
  given(
    "all-significant: the last one ends it",
    ending("all-significant", [worker("a"), significant("b"), significant("c", "temporary")]),
    [leave("r.b", "normal"), leave("r.c", "error")],
    "ok;-r.a;ended shutdown",
  ),
  given(
    "all-significant: one of several does not",
    ending("all-significant", [worker("a"), significant("b"), significant("c")]),
    [leave("r.b", "normal")],
    "ok;;r(a b:down c)",
  ),
  given(
    "a transient significant child that fails is restarted",
    ending("any-significant", [worker("a"), significant("b")]),
    [leave("r.b", "error")],
    "ok;+r.b;r(a b)",
  ),
  given(
    "a temporary significant child that fails ends the supervisor",
    ending("any-significant", [worker("a"), significant("b", "temporary")]),
    [leave("r.b", "error")],
    "ok;-r.a;ended shutdown",
  ),
  given(
    "a significant child that is terminated does not end the supervisor",
    ending("any-significant", [worker("a"), significant("b")]),
    [child("terminate", "b")],
    "ok;-r.b;r(a b:down)",
  ),
  given(
    "a significant supervisor that ends by itself ends the one above",
    ending("any-significant", [
      worker("a"),
      inner({
        restart: "transient",
        significant: true,
        autoShutdown: "any-significant",
        children: [significant("e"), worker("f")],
      }),
    ]),
    [leave("r.s.e", "normal")],
    "ok;-r.s.f -r.a;ended shutdown",
  ),
];

const started: Step = { does: "start-dynamic", path: at("r.d"), id: "x" };

export const administration: readonly Rule[] = [
  given("terminating keeps the spec", tree("one-for-one", abc), [child("terminate", "b")], "ok;-r.b;r(a b:down c)"),
  given(
    "terminating a temporary child does not",
    tree("one-for-one", [worker("a", { restart: "temporary" })]),
    [child("terminate", "a")],
    "ok;-r.a;r()",
  ),
  given(
    "terminating twice is fine",
    tree("one-for-one", abc),
    [child("terminate", "b"), child("terminate", "b")],
    "ok;;r(a b:down c)",
  ),
  given(
    "an unknown child cannot be terminated",
    tree("one-for-one", abc),
    [child("terminate", "d")],
    "unknown;;r(a b c)",
  ),
  given(
    "a child that runs cannot be restarted by hand",
    tree("one-for-one", abc),
    [child("restart", "b")],
    "running;;r(a b c)",
  ),
  given(
    "a child that is down can",
    tree("one-for-one", abc),
    [child("terminate", "b"), child("restart", "b")],
    "ok;+r.b;r(a b c)",
  ),
  given(
    "and stays down when it does not start",
    tree("one-for-one", abc),
    [child("terminate", "b"), fails("r.b", 1), child("restart", "b")],
    "failed;!r.b;r(a b:down c)",
  ),
  given("a child that runs cannot be deleted", tree("one-for-one", abc), [child("delete", "b")], "running;;r(a b c)"),
  given(
    "a child that is down can be deleted",
    tree("one-for-one", abc),
    [child("terminate", "b"), child("delete", "b")],
    "ok;;r(a c)",
  ),
  given(
    "an id is there once",
    tree("one-for-one", abc),
    [{ does: "start", path: ["r"], node: worker("a") }],
    "exists;;r(a b c)",
  ),
  given(
    "also when its child is down",
    tree("one-for-one", abc),
    [child("terminate", "a"), { does: "start", path: ["r"], node: worker("a") }],
    "exists;;r(a:down b c)",
  ),
  given(
    "that a spec is wrong is told first",
    tree("one-for-one", abc),
    [{ does: "start", path: ["r"], node: worker("a", { restart: "transient", significant: true }) }],
    "failed;;r(a b c)",
  ),
  given(
    "a child that does not start is not kept",
    tree("one-for-one", abc),
    [fails("r.d", 1), { does: "start", path: ["r"], node: worker("d") }],
    "failed;!r.d;r(a b c)",
  ),
  given("a dynamic supervisor starts with none", tree("one-for-one", [dynamic()]), [], "ok;;r(d())"),
  given(
    "and restarts those that were started",
    tree("one-for-one", [dynamic()]),
    [started, leave("r.d.x", "error")],
    "ok;+r.d.x;r(d(x))",
  ),
  given(
    "a transient dynamic child that ends normally is forgotten",
    tree("one-for-one", [dynamic({ restart: "transient" })]),
    [started, leave("r.d.x", "normal")],
    "ok;;r(d())",
  ),
  given(
    "a dynamic child that is terminated is forgotten",
    tree("one-for-one", [dynamic()]),
    [started, { does: "terminate-dynamic", path: at("r.d"), id: "x" }],
    "ok;-r.d.x;r(d())",
  ),
  given(
    "a dynamic supervisor that gives up comes back without children",
    tree("one-for-one", [dynamic({}, { intensity: 0 })]),
    [started, leave("r.d.x", "error")],
    "ok;;r(d())",
  ),
];
