import { describe, expectTypeOf, it } from "vitest";
import type { ActorRef, Answer, AnyActorRef, ReplyTo, Request } from "../src/index.ts";
import type { LaterReply, Refusal, Stashed } from "../src/index.ts";

type Message =
  | { type: "increment"; by: number }
  | ({ type: "read" } & Request<number>)
  | ({ type: "name"; of: string } & Request<string>);

describe("an ask", () => {
  it("is typed by the request that it matches", () => {
    expectTypeOf<ReplyTo<Message, { type: "read" }>>().toEqualTypeOf<number>();
    expectTypeOf<ReplyTo<Message, { type: "name"; of: "x" }>>().toEqualTypeOf<string>();
    const ask = (ref: ActorRef<Message>): Promise<number> => ref.ask({ type: "read" });
    expectTypeOf(ask).returns.toEqualTypeOf<Promise<number>>();
  });

  it("of a message that is no request is unknown", () => {
    expectTypeOf<ReplyTo<Message, { type: "increment"; by: number }>>().toEqualTypeOf<unknown>();
    expectTypeOf<ReplyTo<unknown, string>>().toEqualTypeOf<unknown>();
  });

  it("takes only what the actor accepts", () => {
    expectTypeOf<Parameters<ActorRef<Message>["tell"]>[0]>().toEqualTypeOf<Message>();
    // @ts-expect-error: no member of Message has that type
    const wrong = (ref: ActorRef<Message>): void => ref.tell({ type: "reset" });
    expectTypeOf(wrong).toBeFunction();
  });
});

describe("a handler", () => {
  it("returns a reply of one of its requests, now or later, a refusal, or nothing", () => {
    type Result = number | string | LaterReply<number | string | Refusal> | Refusal | Stashed | void;
    expectTypeOf<Answer<Message>>().toEqualTypeOf<Result | Promise<Result>>();
  });

  it("returns anything where its messages declare no request", () => {
    expectTypeOf<Answer<{ type: "tick" }>>().toEqualTypeOf<unknown>();
  });
});

describe("a ref", () => {
  it("may stand for an actor of any kind, where nothing is sent", () => {
    expectTypeOf<ActorRef<Message>>().toExtend<AnyActorRef>();
    expectTypeOf<ActorRef<string>>().toExtend<AnyActorRef>();
  });
});
