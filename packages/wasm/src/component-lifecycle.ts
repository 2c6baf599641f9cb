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
  #snapshot: SnapshotFrom<typeof lifecycleMachine> = initialTransition(lifecycleMachine)[0];

  constructor(component: string) {
    this.#component = component;
  }

  get state(): LifecycleState {
    return this.#snapshot.value;
  }

  /** Whether this step is possible now. */
  can(step: LifecycleStep): boolean {
    return this.#snapshot.can({ type: step });
  }

  /** @throws IllegalTransitionError when there is no such step from where it is; then nothing has changed */
  take(step: LifecycleStep): void {
    const from = this.state;
    if (!this.can(step)) throw new IllegalTransitionError(this.#component, from, step);
    this.#snapshot = transition(lifecycleMachine, this.#snapshot, { type: step })[0];
    const to = this.state;
    for (const listener of this.#listeners) listener(to, from);
  }

  onTransition(listener: TransitionListener): Disposable {
    const own: TransitionListener = (to, from) => listener(to, from);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }
}
