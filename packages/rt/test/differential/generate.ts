import { seededRandom } from "../seeded-random.ts";
import type { DynamicNode, Node, Path, Script, StaticNode, Step, WorkerNode } from "./script.ts";

const DEEPEST = 3;
const DYNAMIC_IDS = ["x", "y", "z"] as const;

/** Everything that is or may come to be in a tree. */
interface Places {
  readonly workers: Path[];
  readonly supervisors: { readonly path: Path; readonly node: StaticNode }[];
  readonly dynamics: Path[];
}

/** The same script for the same seed. */
export function generate(seed: number): Script {
  // Neighbouring seeds must not give neighbouring numbers.
  const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ (seed >>> 16));
  const pick = <T>(first: T, ...others: readonly T[]): T => [first, ...others][random(others.length + 1)] ?? first;
  const chance = (oneIn: number): boolean => random(oneIn) === 0;

  const autoShutdown = (): StaticNode["autoShutdown"] =>
    pick("never", "never", "never", "any-significant", "all-significant");
  const membership = (id: string, parent: StaticNode["autoShutdown"]): Omit<WorkerNode, "kind" | "shutdown"> => {
    const restart = pick("permanent", "permanent", "transient", "temporary");
    return { id, restart, significant: parent !== "never" && restart !== "permanent" && !chance(3) };
  };
  const worker = (id: string, parent: StaticNode["autoShutdown"]): WorkerNode => ({
    kind: "worker",
    ...membership(id, parent),
    shutdown: pick<WorkerNode["shutdown"]>(5000, 5000, "infinity", "kill"),
  });
  const dynamic = (id: string, parent: StaticNode["autoShutdown"]): DynamicNode => {
    const own = autoShutdown();
    const { restart, significant, shutdown } = worker(id, own);
    return {
      kind: "dynamic",
      ...membership(id, parent),
      intensity: random(4),
      autoShutdown: own,
      template: { restart, significant, shutdown },
    };
  };
  const supervisor = (id: string, parent: StaticNode["autoShutdown"], depth: number): StaticNode => {
    const own = autoShutdown();
    const ids = ["a", "b", "c", "d"].slice(0, depth === 1 ? 1 + random(4) : random(4));
    return {
      kind: "supervisor",
      ...membership(id, parent),
      strategy: pick("one-for-one", "one-for-all", "rest-for-one"),
      intensity: random(4),
      autoShutdown: own,
      children: ids.map((child) => node(child, own, depth + 1)),
    };
  };
  const node = (id: string, parent: StaticNode["autoShutdown"], depth: number): Node => {
    if (depth > DEEPEST || !chance(3)) return worker(id, parent);
    return chance(4) ? dynamic(id, parent) : supervisor(id, parent, depth);
  };

  const places: Places = { workers: [], supervisors: [], dynamics: [] };
  const note = (path: Path, one: Node): void => {
    switch (one.kind) {
      case "worker":
        places.workers.push(path);
        return;
      case "dynamic":
        places.dynamics.push(path);
        for (const id of DYNAMIC_IDS) places.workers.push([...path, id]);
        return;
      case "supervisor":
        places.supervisors.push({ path, node: one });
        for (const child of one.children) note([...path, child.id], child);
    }
  };
  const somewhere = (): Path => places.workers[random(places.workers.length)] ?? ["r", "a"];
  const step = (): Step => {
    const { path, node: above } = places.supervisors[random(places.supervisors.length)] ?? { path: ["r"], node: root };
    const dynamicPath = places.dynamics[random(places.dynamics.length)];
    const id = pick("a", "b", "c", "d", "e");
    if (dynamicPath !== undefined && chance(3)) {
      return {
        does: pick("start-dynamic", "start-dynamic", "terminate-dynamic"),
        path: dynamicPath,
        id: pick("x", "y", "z"),
      };
    }
    switch (random(12)) {
      case 0:
        return { does: "kill", path: somewhere() };
      case 1:
      case 2:
        return { does: "fail", path: somewhere(), times: 1 + random(3) };
      case 3:
        return { does: chance(3) ? "stop" : "terminate", path, id };
      case 4:
        return { does: "terminate", path, id };
      case 5:
        return { does: "restart", path, id };
      case 6:
        return { does: "delete", path, id };
      case 7: {
        const started = node(id, above.autoShutdown, path.length + 1);
        note([...path, id], started);
        return { does: "start", path, node: started };
      }
      default:
        return { does: "leave", path: somewhere(), reason: pick("error", "error", "error", "normal", "shutdown") };
    }
  };

  const root = supervisor("r", "never", 1);
  note(["r"], root);
  const failing = chance(10) ? [{ path: somewhere(), times: 1 }] : [];
  return { root, failing, steps: Array.from({ length: 4 + random(12) }, step) };
}
