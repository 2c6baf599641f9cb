import type { AutoShutdown, Restart, Strategy } from "../../src/index.ts";

/** Where something is in the tree: the ids from the root on. */
export type Path = readonly string[];

/** Flags and ids as in Erlang: what a supervisor's child is to it. */
interface Membership {
  readonly id: string;
  readonly restart: Restart;
  readonly significant: boolean;
}

export interface WorkerNode extends Membership {
  readonly kind: "worker";
  readonly shutdown: "kill" | "infinity" | number;
}

export interface StaticNode extends Membership {
  readonly kind: "supervisor";
  readonly strategy: Strategy;
  readonly intensity: number;
  readonly autoShutdown: AutoShutdown;
  readonly children: readonly Node[];
}

/** A supervisor of workers that come and go. */
export interface DynamicNode extends Membership {
  readonly kind: "dynamic";
  readonly intensity: number;
  readonly autoShutdown: AutoShutdown;
  readonly template: Omit<WorkerNode, "id" | "kind">;
}

export type Node = WorkerNode | StaticNode | DynamicNode;

export type Step =
  | { readonly does: "leave"; readonly path: Path; readonly reason: "normal" | "shutdown" | "error" }
  | { readonly does: "kill"; readonly path: Path }
  /** The next starts of that worker fail. */
  | { readonly does: "fail"; readonly path: Path; readonly times: number }
  | { readonly does: "stop"; readonly path: Path }
  | { readonly does: "terminate" | "restart" | "delete"; readonly path: Path; readonly id: string }
  | { readonly does: "start"; readonly path: Path; readonly node: Node }
  | { readonly does: "start-dynamic" | "terminate-dynamic"; readonly path: Path; readonly id: string };

/** A tree, the workers whose first starts fail, and what happens to it one after the other. */
export interface Script {
  readonly root: StaticNode;
  readonly failing: readonly { readonly path: Path; readonly times: number }[];
  readonly steps: readonly Step[];
}

/** The script as a term on one line, as `supervision_oracle.erl` reads it. */
export function toErlang({ root, failing, steps }: Script): string {
  const entries = failing.map(({ path, times }) => `{${pathTerm(path)},${times}}`);
  return `{${nodeTerm(root)},[${entries.join()}],[${steps.map(stepTerm).join()}]}.`;
}

function atom(word: string): string {
  return word.replaceAll("-", "_");
}

function pathTerm(path: Path): string {
  return `[${path.join()}]`;
}

function shutdownTerm(shutdown: WorkerNode["shutdown"]): string {
  return shutdown === "kill" ? "brutal_kill" : String(shutdown);
}

function nodeTerm(node: Node): string {
  const membership = `${node.restart},${node.significant}`;
  switch (node.kind) {
    case "worker":
      return `{worker,${node.id},${membership},${shutdownTerm(node.shutdown)}}`;
    case "dynamic": {
      const { restart, significant, shutdown } = node.template;
      const template = `{${restart},${significant},${shutdownTerm(shutdown)}}`;
      return `{dynamic,${node.id},${node.intensity},${atom(node.autoShutdown)},${membership},${template}}`;
    }
    case "supervisor": {
      const flags = `${atom(node.strategy)},${node.intensity},${atom(node.autoShutdown)}`;
      return `{supervisor,${node.id},${flags},${membership},[${node.children.map(nodeTerm).join()}]}`;
    }
  }
}

function stepTerm(step: Step): string {
  const start = `${atom(step.does)},${pathTerm(step.path)}`;
  switch (step.does) {
    case "leave":
      return `{${start},${step.reason}}`;
    case "kill":
    case "stop":
      return `{${start}}`;
    case "fail":
      return `{${start},${step.times}}`;
    case "terminate":
    case "restart":
    case "delete":
    case "start-dynamic":
    case "terminate-dynamic":
      return `{${start},${step.id}}`;
    case "start":
      return `{${start},${nodeTerm(step.node)}}`;
  }
}

/** OTP leaves open in which order a dynamic supervisor stops its children; the ids x, y and z are theirs alone. */
export function withoutOrderOfDynamicStops(trace: string): string {
  return trace.replaceAll(/-(?<above>[a-z.]+\.)[xyz](?: -\k<above>[xyz])+/g, (stops) =>
    stops.split(" ").toSorted().join(" "),
  );
}
