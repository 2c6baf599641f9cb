import { describe, expectTypeOf, it } from "vitest";
import { ActorSystem, type Actor, type ActorRef, type Request } from "../src/index.ts";

type Message = { type: "add"; by: number } | ({ type: "read" } & Request<number>);

class Tidy implements Actor<Message> {
  #count = 0;
  receive(message: Message): number | undefined {
    if (message.type === "read") return this.#count;
    this.#count += message.by;
    return undefined;
  }
}

class Sloppy implements Actor<Message> {
  receive(message: Message): number | void {
    if (message.type === "read") return 1;
  }
}

class Inferred implements Actor<Message> {
  #count = 0;
  receive(message: Message) {
    if (message.type === "read") return this.#count;
    this.#count += message.by;
    return undefined;
  }
}

class Late implements Actor<Message> {
  async receive(message: Message): Promise<number | undefined> {
    return message.type === "read" ? 1 : undefined;
  }
}

class Vague implements Actor<Message> {
  // oxlint-disable-next-line typescript/no-explicit-any -- as a hurried user would
  receive(message: Message): any {
    return message.type === "read" ? 1 : "whatever";
  }
}

describe("a spawned actor's ref", () => {
  it("takes the messages of the actor, however its handler is written", async () => {
    await using system = new ActorSystem("test");
    expectTypeOf(system.spawn(() => new Tidy())).toEqualTypeOf<ActorRef<Message>>();
    expectTypeOf(system.spawn(() => new Sloppy())).toEqualTypeOf<ActorRef<Message>>();
    expectTypeOf(system.spawn(() => new Inferred())).toEqualTypeOf<ActorRef<Message>>();
    expectTypeOf(system.spawn(() => new Late())).toEqualTypeOf<ActorRef<Message>>();
    expectTypeOf(system.spawn(() => new Vague())).toEqualTypeOf<ActorRef<Message>>();
    const reply = system.spawn(() => new Tidy()).ask({ type: "read" });
    expectTypeOf(reply).toEqualTypeOf<Promise<number>>();
    await reply;
  });
});
