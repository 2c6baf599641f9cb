import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, type Actor, type ActorContext, type Answer, type Request } from "../src/index.ts";

type Door = { type: "lock" } | { type: "unlock" } | ({ type: "enter" } & Request<string>) | { type: "break" };

class HouseDoor implements Actor<Door> {
  receive(message: Door, context: ActorContext<Door>): Answer<Door> {
    if (message.type === "lock") context.become((locked, inside) => this.#locked(locked, inside));
    return message.type === "enter" ? "come in" : undefined;
  }

  #locked(message: Door, context: ActorContext<Door>): Answer<Door> {
    if (message.type === "unlock") context.unbecome();
    if (message.type === "break") throw new RangeError("broken");
    return message.type === "enter" ? "closed" : undefined;
  }
}

describe("an actor that became something else", () => {
  it("handles the next messages so, until it goes back to its own handler", async () => {
    await using system = new ActorSystem("test");
    const door = system.spawn(() => new HouseDoor());
    expect(await door.ask({ type: "enter" })).toBe("come in");
    door.tell({ type: "lock" });
    expect(await door.ask({ type: "enter" })).toBe("closed");
    door.tell({ type: "unlock" });
    expect(await door.ask({ type: "enter" })).toBe("come in");
  });

  it("is itself again after a restart", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "door", start: () => new HouseDoor() }],
    });
    const door = supervisor.child<Door>("door");
    door.tell({ type: "lock" });
    door.tell({ type: "break" });
    expect(await door.ask({ type: "enter" })).toBe("come in");
    await settled(system);
  });
});
