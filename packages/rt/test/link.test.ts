import { EventRecorder, settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorSystem,
  LinkedActorError,
  type Actor,
  type ActorContext,
  type AnyActorRef,
  type Terminated,
} from "../src/index.ts";

const bad = new RangeError("bad");
type Message = { link: AnyActorRef } | { unlink: AnyActorRef } | "crash" | "stop";

class Linker implements Actor<Message> {
  receive(message: Message, context: ActorContext<Message>): void {
    if (message === "crash") throw bad;
    if (message === "stop") context.stop();
    else if ("link" in message) context.link(message.link);
    else context.unlink(message.unlink);
  }
}

class Listener extends Array<Terminated> implements Actor<Message> {
  receive(message: Message, context: ActorContext<Message>): void {
    if (typeof message === "object" && "link" in message) context.link(message.link);
  }

  onLinkedExit(exit: Terminated): void {
    this.push(exit);
  }
}

describe("two linked actors", () => {
  it.each(["first", "second"])("fail together, whichever fails: the %s", async (which) => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const first = system.spawn(() => new Linker(), { id: "first" });
    const second = system.spawn(() => new Linker(), { id: "second" });
    first.tell({ link: second });
    await settled(system);
    (which === "first" ? first : second).tell("crash");
    await settled(system);
    expect(recorder.allOf("actor-failed")).toHaveLength(2);
    const error = recorder.allOf("actor-failed")[1]?.error;
    expect(error).toBeInstanceOf(LinkedActorError);
    expect(error).toMatchObject({ code: "RT_LINKED_ACTOR_FAILED", cause: bad });
    expect(system.tree().children).toEqual([]);
  });

  it("are shut down together", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const [first, second] = [system.spawn(() => new Linker()), system.spawn(() => new Linker())];
    first.tell({ link: second });
    await settled(system);
    await system.stop(first);
    await settled(system);
    expect(recorder.allOf("actor-stopped").map(({ reason }) => reason.kind)).toEqual(["shutdown", "shutdown"]);
  });

  it("do not mind each other's normal end, nor anything once they are unlinked", async () => {
    await using system = new ActorSystem("test");
    const [first, second, third] = [0, 1, 2].map(() => system.spawn(() => new Linker()));
    if (first === undefined || second === undefined || third === undefined) throw bad;
    first.tell({ link: second });
    first.tell({ link: third });
    first.tell({ unlink: third });
    second.tell("stop");
    await settled(system);
    third.tell("crash");
    await settled(system);
    expect(system.tree().children.map(({ path }) => path)).toEqual([first.path]);
  });

  it("hear of it instead, if they want to, ahead of waiting messages", async () => {
    await using system = new ActorSystem("test");
    const exits = new Listener();
    const listener = system.spawn(() => exits);
    const linked = system.spawn(() => new Linker());
    const normal = system.spawn(() => new Linker());
    listener.tell({ link: linked });
    listener.tell({ link: normal });
    await settled(system);
    linked.tell("crash");
    normal.tell("stop");
    await settled(system);
    expect([...exits]).toEqual([
      { ref: linked, reason: { kind: "error", error: bad } },
      { ref: normal, reason: { kind: "normal" } },
    ]);
    listener.tell({ link: linked });
    await settled(system);
    expect(exits).toHaveLength(3);
  });

  it("are restarted together, and are strangers then", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [
        { id: "a", start: () => new Linker() },
        { id: "b", start: () => new Linker() },
      ],
    });
    const [a, b] = [supervisor.child<Message>("a"), supervisor.child<Message>("b")];
    a.tell({ link: b });
    await settled(system);
    a.tell("crash");
    await settled(system);
    expect(recorder.allOf("actor-restarted").map(({ path }) => path)).toEqual([a.path, b.path]);
    b.tell("crash");
    await settled(system);
    expect(recorder.allOf("actor-restarted").map(({ path }) => path)).toEqual([a.path, b.path, b.path]);
  });
});
