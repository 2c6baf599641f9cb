import { roundRobin, type ActorRef, type ActorSystem, type SupervisorNode } from "@airssys/rt";
import { PoolSizeError } from "./errors.ts";
import type { ComponentMessage } from "./component-message.ts";
import type { InstalledComponent } from "./installed-component.ts";

export interface PoolOptions {
  /** How many instances run at once. */
  readonly size: number;
  /** Which of them gets a message: `roundRobin` unless given, or another router of `@airssys/rt`. */
  readonly route?: (members: readonly ActorRef<ComponentMessage>[]) => ActorRef<ComponentMessage>;
}

/** Several instances of one component behind one address, each restarted by itself. */
export interface ComponentPool {
  readonly ref: ActorRef<ComponentMessage>;
  readonly supervisor: SupervisorNode;
  /** One for each instance: to look at, or to update one after the other. */
  readonly members: readonly InstalledComponent[];
}

/**
 * Starts a supervised pool of a component. Others send to its address as they do to a single one.
 * @throws PoolSizeError, AlreadyRegisteredError when the component runs already, and what a start fails with
 */
export async function startPool(
  system: ActorSystem,
  component: InstalledComponent,
  { size, route = roundRobin }: PoolOptions,
): Promise<ComponentPool> {
  if (!Number.isSafeInteger(size) || size < 1) throw new PoolSizeError(component.address, size);
  const { name, namespace } = component.manifest.component;
  const members = Array.from({ length: size }, () => component.member());
  const supervisor = await system.supervise({
    id: `${namespace}-${name}`,
    strategy: "one-for-one",
    children: members.map((member, index) => member.childSpec({ id: `${name}-${index + 1}` })),
  });
  const ref = route(members.map((_, index) => supervisor.child<ComponentMessage>(`${name}-${index + 1}`)));
  const { registry } = system;
  try {
    registry.register(component.address, ref);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  supervisor.onTerminated(() => registry.unregister(component.address));
  return { ref, supervisor, members };
}
