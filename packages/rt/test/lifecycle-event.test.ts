import { EventRecorder, seededRandom, settled, VirtualClock } from "@airssys/testkit";
import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  ActorSystem,
  type Actor,
  type ActorContext,
  type ActorRef,
  type ActorSpec,
  type LifecycleEvent,
  type Restart,
  type SupervisorNode,
  type SupervisorSpec,
  type TreeNode,
} from "../src/index.ts";

type Order = "crash" | "work" | "leave" | "spawn";

const orders: readonly Order[] = ["crash", "work", "leave", "spawn"];
const restarts: readonly Restart[] = ["permanent", "transient", "temporary"];
const strategies = ["one-for-one", "one-for-all", "rest-for-one"] as const;

/** What somebody knows who hears every event and sees nothing else: what is up, and what it is doing. */
class View {
  readonly states = new Map<string, TreeNode["state"]>();

  hear({ type, path }: LifecycleEvent): void {
    if (type === "actor-starting" || type === "supervisor-starting") this.states.set(path, "starting");
    if (type === "actor-started" || type === "supervisor-started") this.states.set(path, "running");
    if (type === "actor-stopping" || type === "supervisor-stopping") this.states.set(path, "stopping");
    if (type === "actor-left" || type === "actor-stopped" || type === "supervisor-stopped") this.states.delete(path);
  }

  get lines(): readonly string[] {
    return Array.from(this.states, ([path, state]) => `${path} ${state}`).toSorted();
  }
}

/** The same as the tree has it. */
function linesOf({ children }: TreeNode): readonly string[] {
  const lines = children.flatMap((node) => {
    const isUp = node.state !== "down" && node.state !== "waiting-to-restart";
    return [...(isUp ? [`${node.path} ${node.state}`] : []), ...linesOf(node)];
  });
  return lines.toSorted();
}

/** A tree that takes its time now and then, fails now and then, and does as it is told. */
class Forest {
  readonly clock = new VirtualClock();
  readonly system: ActorSystem;
  readonly random: () => number;
  /** Until then, everything starts. */
  isStanding = false;
  #specs = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.system = new ActorSystem("forest", { clock: this.clock, random: this.random });
  }

  pick<T>(choices: readonly T[]): T | undefined {
    return choices[Math.floor(this.random() * choices.length)];
  }

  isOneOf(chances: number): boolean {
    return this.random() * chances < 1;
  }

  later(): Promise<void> | void {
    if (!this.isOneOf(3)) return;
    return new Promise((resolve) => {
      this.clock.schedule(resolve, this.random() * 40);
    });
  }

  newActor(): Actor<Order> {
    return {
      preStart: () => {
        if (this.isStanding && this.isOneOf(8)) throw new RangeError("does not start");
        return this.later();
      },
      receive: (order: Order, context: ActorContext<Order>): Promise<void> | void => {
        if (order === "crash") throw new RangeError("crash");
        if (order === "leave") context.stop();
        if (order === "spawn" && !this.isOneOf(3)) context.spawn(() => this.newActor()).tell("work");
        return this.later();
      },
      postStop: () => this.later(),
    };
  }

  actorSpec(): ActorSpec {
    this.#specs += 1;
    const backoff = this.isOneOf(2) ? { backoff: { minMs: 20, maxMs: 40 } } : {};
    const restart = this.pick(restarts) ?? "permanent";
    return { id: `a${this.#specs}`, start: () => this.newActor(), restart, shutdownMs: 30, ...backoff };
  }

  supervisorSpec(depth: number): SupervisorSpec {
    this.#specs += 1;
    return {
      id: `s${this.#specs}`,
      strategy: this.pick(strategies) ?? "one-for-one",
      intensity: { maxRestarts: 3, withinMs: 200 },
      shutdownMs: this.isOneOf(2) ? 25 : "infinity",
      children: [1, 2, 3].map(() => (depth > 1 && this.isOneOf(2) ? this.supervisorSpec(depth - 1) : this.actorSpec())),
    };
  }
}

function supervisorsOf(node: SupervisorNode): readonly SupervisorNode[] {
  const below = node.whichChildren().filter(({ kind, state }) => kind === "supervisor" && state === "running");
  return [node, ...below.flatMap(({ id }) => supervisorsOf(node.supervisor(id)))];
}

function ignore(): void {}

function never(): Promise<void> {
  return new Promise(() => undefined);
}

/** Does one thing to the tree, whatever comes of it. */
async function stir(forest: Forest, root: SupervisorNode): Promise<void> {
  const supervisor = forest.pick(supervisorsOf(root)) ?? root;
  const children = supervisor.whichChildren();
  const { id, kind } = forest.pick(children) ?? { id: "none", kind: "none" };
  switch (Math.floor(forest.random() * 9)) {
    case 0:
      await supervisor.terminateChild(id).catch(ignore);
      break;
    case 1:
      void supervisor.restartChild(id).catch(ignore);
      break;
    case 2:
      void supervisor.startChild(forest.actorSpec()).catch(ignore);
      break;
    case 3:
      if (kind === "actor") void forest.system.stop(supervisor.child(id));
      break;
    case 4:
      if (kind === "supervisor") void supervisor.supervisor(id).stop();
      break;
    default:
      if (kind === "actor") {
        const ref: ActorRef<Order> = supervisor.child<Order>(id);
        ref.tell(forest.pick(orders) ?? "work");
      }
  }
}

describe("who hears every event", () => {
  it.each(Array.from({ length: 100 }, (_, seed) => seed))(
    "knows what the tree looks like at any time (seed %d)",
    async (seed) => {
      const forest = new Forest(seed);
      const { system, clock } = forest;
      const view = new View();
      using _listening = system.events.subscribe((event) => view.hear(event));
      const starting = system.supervise(forest.supervisorSpec(3));
      await clock.advance(1000);
      const root = await starting;
      forest.isStanding = true;
      const differences: unknown[] = [];
      const stirring: Promise<void>[] = [];
      for (let step = 0; step < 40; step += 1) {
        if (system.tree().children[0]?.state !== "running") break;
        stirring.push(stir(forest, root).catch(() => undefined));
        await settled(system);
        differences.push(...compare(view, system));
        await clock.advance(forest.random() * 60);
        differences.push(...compare(view, system));
        await clock.advance(forest.isOneOf(4) ? 500 : 0);
      }
      expect(differences).toEqual([]);
      const stopping = system.shutdown();
      await clock.advance(10_000);
      await Promise.all([stopping, ...stirring]);
      expect(view.lines).toEqual([]);
    },
  );
});

function compare(view: View, system: ActorSystem): readonly unknown[] {
  const [heard, seen] = [view.lines, linesOf(system.tree())];
  return heard.join() === seen.join() ? [] : [{ heard, seen }];
}

describe("an actor that waits for others while it ends", () => {
  it("is announced once, with the reason", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    const ref = system.spawn<string>(() => ({ receive: never, postStop: never }), { id: "a" });
    ref.tell("hang");
    await settled(system);
    for (const _ of [1, 2]) void system.stop(ref);
    await clock.advance(5000);
    expect(recorder.all.filter(({ path }) => path === "/user/a").map(({ type }) => type)).toEqual([
      "actor-started",
      "actor-stopping",
      "message-dead-lettered",
      "actor-killed",
      "actor-stopped",
    ]);
    expect(await recorder.next("actor-stopping")).toMatchObject({ reason: { kind: "shutdown" } });
  });
});

const here = new URL(".", import.meta.url).pathname;
const source = readFileSync(`${here}../src/lifecycle-event.ts`, "utf8");
const readme = readFileSync(`${here}../README.md`, "utf8");
const tests = globSync(`${here}*.test.ts`).map((file) => readFileSync(file, "utf8"));
const types = [...source.matchAll(/readonly type: "([a-z-]+)"/g)].map(([, type = ""]) => type);

describe("a lifecycle event", () => {
  it.each(types)("%s is documented in the README, and expected in a test", (type) => {
    expect(readme).toMatch(new RegExp(`^\\| \`${type}\` +\\|`, "m"));
    expect(tests.filter((text) => text.includes(`"${type}"`)).length).toBeGreaterThan(0);
  });

  it("is one of those in the README", () => {
    const documented = [...readme.matchAll(/^\| `([a-z]+-[a-z-]+)` +\|/gm)].map(([, type]) => type);
    expect(new Set(documented)).toEqual(new Set(types));
  });
});
