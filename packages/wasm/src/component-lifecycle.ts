import { initialTransition, setup, transition, type SnapshotFrom } from "xstate";
import { IllegalTransitionError } from "./errors.ts";

/** Where a component is between being unknown to a host and being gone from it again. */
export type LifecycleState =
  | "uninstalled"
  | "installing"
  | "installed"
  | "starting"
  | "running"
  | "updating"
  | "stopping"
  | "stopped"
  | "failed";

/** What can happen to it. */
export type LifecycleStep =
  | "install"
  | "installed"
  | "start"
  | "started"
  | "update"
  | "updated"
  | "rolled-back"
  | "stop"
  | "stopped"
  | "fail"
  | "uninstall";

/** Every transition there is. A machine and not a switch, so that the diagram in the README can be checked against it. */
const lifecycleMachine = setup({ types: { events: {} as { type: LifecycleStep } } }).createMachine({
  id: "component",
  initial: "uninstalled",
  states: {
    uninstalled: { on: { install: "installing" } },
    installing: { on: { installed: "installed", fail: "uninstalled" } },
    installed: { on: { start: "starting", uninstall: "uninstalled" } },
    starting: { on: { started: "running", fail: "failed", stop: "stopping" } },
    running: { on: { update: "updating", stop: "stopping", fail: "failed" } },
    updating: { on: { updated: "running", "rolled-back": "running", stop: "stopping", fail: "failed" } },
    stopping: { on: { stopped: "stopped", fail: "failed" } },
    stopped: { on: { start: "starting", uninstall: "uninstalled" } },
    failed: { on: { start: "starting", uninstall: "uninstalled" } },
  },
});

type MachineSnapshot = SnapshotFrom<typeof lifecycleMachine>;

const beginning: MachineSnapshot = initialTransition(lifecycleMachine)[0];

/**
 * What each step comes to from each state, worked out when it is first taken: the machine has no context, so a state is all there is to a
 * snapshot. That counts where thousands of components start at once.
 */
const known = new Map<LifecycleState, Map<LifecycleStep, MachineSnapshot | undefined>>();

/** Undefined when there is no such step. */
function after(snapshot: MachineSnapshot, type: LifecycleStep): MachineSnapshot | undefined {
  const from: Map<LifecycleStep, MachineSnapshot | undefined> = known.get(snapshot.value) ?? new Map();
  known.set(snapshot.value, from);
  if (!from.has(type)) {
    from.set(type, snapshot.can({ type }) ? transition(lifecycleMachine, snapshot, { type })[0] : undefined);
  }
  return from.get(type);
}

/** The lifecycle as a Mermaid state diagram. */
export function lifecycleDiagram(): string {
  const lines = Object.values(lifecycleMachine.states).flatMap(({ key, transitions }) =>
    [...transitions].flatMap(([step, ways]) =>
      ways.flatMap(({ target = [] }) => target.map((to) => `  ${key} --> ${to.key}: ${step}`)),
    ),
  );
  return ["stateDiagram-v2", "  [*] --> uninstalled", ...lines].join("\n");
}

/** Told after each transition. */
export type TransitionListener = (to: LifecycleState, from: LifecycleState) => void;

/** The lifecycle of one component, over all its incarnations. */
export class ComponentLifecycle {
  readonly #component: string;
  readonly #listeners = new Set<TransitionListener>();
  #snapshot: MachineSnapshot = beginning;

  constructor(component: string) {
    this.#component = component;
  }

  get state(): LifecycleState {
    return this.#snapshot.value;
  }

  /** Whether this step is possible now. */
  can(step: LifecycleStep): boolean {
    return after(this.#snapshot, step) !== undefined;
  }

  /** @throws IllegalTransitionError when there is no such step from where it is; then nothing has changed */
  take(step: LifecycleStep): void {
    const from = this.state;
    const next = after(this.#snapshot, step);
    if (next === undefined) throw new IllegalTransitionError(this.#component, from, step);
    this.#snapshot = next;
    const to = this.state;
    for (const listener of this.#listeners) listener(to, from);
  }

  onTransition(listener: TransitionListener): Disposable {
    const own: TransitionListener = (to, from) => listener(to, from);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }
}
