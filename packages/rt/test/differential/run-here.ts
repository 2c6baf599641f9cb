import { settled, VirtualClock } from "@airssys/testkit";
import { cellOf } from "../../src/actor-cell.ts";
import {
  ActorSystem,
  RtError,
  type Actor,
  type ActorContext,
  type ActorSpec,
  type ChildSpec,
  type DynamicSupervisor,
  type ActorRef,
  type SupervisorNode,
  type SupervisorSpec,
} from "../../src/index.ts";
import {
  withoutOrderOfDynamicStops,
  type Node,
  type Path,
  type Script,
  type StaticNode,
  type Step,
  type WorkerNode,
} from "./script.ts";

const WITHIN_MS = 3_600_000;

type Message = "normal" | "error";
type Dynamic = DynamicSupervisor<string, ActorRef<Message>>;

/** Runs a script on this library and says what happened, in the words of `supervision_oracle.erl`. */
export async function runHere(script: Script): Promise<string> {
  await using system = new ActorSystem("differential", { clock: new VirtualClock() });
  return await new Run(system, script).trace();
}

class Run {
  readonly #system: ActorSystem;
  readonly #script: Script;
  readonly #failing: Map<string, number>;
  #log: string[] = [];
  #fate: string | undefined;
  /** The worker that leaves by itself, and so is not stopped by its supervisor. */
  #leaving: string | undefined;

  constructor(system: ActorSystem, script: Script) {
    this.#system = system;
    this.#script = script;
    this.#failing = new Map(script.failing.map(({ path, times }) => [path.join("."), times]));
  }

  async trace(): Promise<string> {
    const { root, steps } = this.#script;
    this.#system.events.on("supervisor-stopped", ({ path, reason }) => {
      if (path === "/user/r") this.#fate = `ended ${reason.kind}`;
    });
    let supervisor: SupervisorNode;
    try {
      supervisor = await this.#system.supervise(this.#supervisorSpec([root.id], root));
    } catch (error) {
      if (!(error instanceof RtError)) throw error;
      return `failed;${this.#events()};none`;
    }
    const reports = [await this.#report("ok", supervisor)];
    for (const step of steps) reports.push(await this.#report(await this.#perform(step, supervisor), supervisor));
    return withoutOrderOfDynamicStops(reports.join(" / "));
  }

  async #report(result: string, root: SupervisorNode): Promise<string> {
    await settled(this.#system);
    return `${result};${this.#events()};${this.#fate ?? stateOf("r", root)}`;
  }

  #events(): string {
    const events = this.#log.join(" ");
    this.#log = [];
    return events;
  }

  async #perform(step: Step, root: SupervisorNode): Promise<string> {
    try {
      return await this.#attempt(step, root);
    } catch (error) {
      if (error instanceof RtError && (step.does === "leave" || step.does === "kill")) return "none";
      if (error instanceof RtError) return resultOf(error);
      throw error;
    }
  }

  async #attempt(step: Step, root: SupervisorNode): Promise<string> {
    if (this.#fate !== undefined && step.does !== "fail") throw new GoneError();
    switch (step.does) {
      case "leave":
      case "kill":
        return this.#leave(step, root);
      case "fail":
        this.#failing.set(step.path.join("."), step.times);
        return "ok";
      case "stop":
        await supervisorAt(step.path, root).stop();
        return "ok";
      case "terminate":
        await staticAt(step.path, root).terminateChild(step.id);
        return "ok";
      case "restart":
        await staticAt(step.path, root).restartChild(step.id);
        return "ok";
      case "delete":
        staticAt(step.path, root).deleteChild(step.id);
        return "ok";
      case "start":
        await startUnder(staticAt(step.path, root), this.#spec([...step.path, step.node.id], step.node));
        return "ok";
      case "start-dynamic":
        await dynamicAt(step.path, root).startChild(step.id, { id: step.id });
        return "ok";
      case "terminate-dynamic":
        await dynamicAt(step.path, root).terminateChild(step.id);
        return "ok";
    }
  }

  #leave(step: Extract<Step, { does: "leave" | "kill" }>, root: SupervisorNode): string | Promise<string> {
    const id = step.path.at(-1) ?? "";
    const above = supervisorAt(step.path.slice(0, -1), root);
    if (stateIn(above, id) !== "running") return "none";
    const ref = isDynamic(above) ? above.child(id) : above.child<Message>(id);
    if (step.does === "kill") cellOf(ref).condemn(new KilledByScript());
    else if (step.reason === "shutdown") {
      this.#leaving = step.path.join(".");
      return this.#system.stop(ref).then(() => "ok");
    }
    if (step.does === "leave" && step.reason !== "shutdown") ref.tell(step.reason);
    return "ok";
  }

  #spec(path: Path, node: Node): ChildSpec {
    switch (node.kind) {
      case "worker":
        return { id: node.id, ...this.#template(path, node) };
      case "supervisor":
        return this.#supervisorSpec(path, node);
      case "dynamic": {
        const { id, restart, significant, autoShutdown, intensity, template } = node;
        return {
          id,
          restart,
          significant,
          autoShutdown,
          intensity: { maxRestarts: intensity, withinMs: WITHIN_MS },
          template: (child: string) => this.#template([...path, child], template),
        };
      }
    }
  }

  #supervisorSpec(path: Path, node: StaticNode): SupervisorSpec {
    const { id, restart, significant, strategy, autoShutdown, intensity, children } = node;
    return {
      id,
      restart,
      significant,
      strategy,
      autoShutdown,
      intensity: { maxRestarts: intensity, withinMs: WITHIN_MS },
      children: children.map((child) => this.#spec([...path, child.id], child)),
    };
  }

  #template(path: Path, node: Omit<WorkerNode, "id" | "kind">): Omit<ActorSpec, "id"> {
    const place = path.join(".");
    return {
      restart: node.restart,
      significant: node.significant,
      shutdownMs: node.shutdown,
      start: (context: ActorContext<Message>): Actor<Message> => {
        const failures = this.#failing.get(place) ?? 0;
        this.#failing.set(place, failures - 1);
        this.#log.push(`${failures > 0 ? "!" : "+"}${place}`);
        if (failures > 0) throw new RangeError("bad");
        return {
          receive: (reason) => {
            if (reason === "error") throw new RangeError("bad");
            context.stop();
          },
          postStop: (_context, reason) => {
            // Erlang's workers cannot note that they are killed.
            const isToldTo = this.#leaving !== place && node.shutdown !== "kill";
            if (reason.kind === "shutdown" && isToldTo) this.#log.push(`-${place}`);
            this.#leaving = undefined;
          },
        };
      },
    };
  }
}

/** There is no such place, or nothing runs there. */
class GoneError extends RtError {
  override readonly name = "GoneError";
  override readonly code = "RT_SUPERVISOR_STOPPED";
}

class KilledByScript extends Error {
  override readonly name = "KilledByScript";
}

function resultOf({ code }: RtError): string {
  switch (code) {
    case "RT_UNKNOWN_CHILD":
      return "unknown";
    case "RT_CHILD_RUNNING":
      return "running";
    case "RT_DUPLICATE_ID":
      return "exists";
    case "RT_ACTOR_START_FAILED":
    case "RT_INVALID_OPTION":
      return "failed";
    case "RT_SUPERVISOR_STOPPED":
      return "gone";
    default:
      return code;
  }
}

function isDynamic(supervisor: SupervisorNode | Dynamic): supervisor is Dynamic {
  return !("supervisor" in supervisor);
}

function stateIn(supervisor: SupervisorNode | Dynamic, id: string): string | undefined {
  return supervisor.whichChildren().find((child) => child.id === id)?.state;
}

/** @throws GoneError unless one runs there. */
function supervisorAt(path: Path, root: SupervisorNode): SupervisorNode | Dynamic {
  let here: SupervisorNode | Dynamic = root;
  for (const id of path.slice(1)) {
    if (isDynamic(here) || stateIn(here, id) !== "running") throw new GoneError();
    const next: SupervisorNode | Dynamic | undefined = below(here, id);
    if (next === undefined) throw new GoneError();
    here = next;
  }
  return here;
}

function below(supervisor: SupervisorNode, id: string): SupervisorNode | Dynamic | undefined {
  const spec = supervisor.childSpec(id);
  if ("template" in spec) return supervisor.dynamic<string, ActorRef<Message>>(id);
  return "children" in spec ? supervisor.supervisor(id) : undefined;
}

function staticAt(path: Path, root: SupervisorNode): SupervisorNode {
  const supervisor = supervisorAt(path, root);
  if (isDynamic(supervisor)) throw new GoneError();
  return supervisor;
}

function dynamicAt(path: Path, root: SupervisorNode): Dynamic {
  const supervisor = supervisorAt(path, root);
  if (!isDynamic(supervisor)) throw new GoneError();
  return supervisor;
}

async function startUnder(supervisor: SupervisorNode, spec: ChildSpec): Promise<void> {
  if ("children" in spec) await supervisor.startChild(spec);
  else if ("template" in spec) await supervisor.startChild(spec);
  else await supervisor.startChild(spec);
}

function stateOf(id: string, supervisor: SupervisorNode | Dynamic): string {
  const children = supervisor.whichChildren().map((child) => {
    if (child.state !== "running") return `${child.id}:${child.state}`;
    const inner = isDynamic(supervisor) ? undefined : below(supervisor, child.id);
    return inner === undefined ? child.id : stateOf(child.id, inner);
  });
  return `${id}(${(isDynamic(supervisor) ? children.toSorted() : children).join(" ")})`;
}
