import { describe, expect, expectTypeOf, it } from "vitest";
import {
  ActorSystem,
  supervisor,
  UnknownChildError,
  type ActorRef,
  type AnyActorRef,
  type DynamicSupervisor,
  type Request,
  type SupervisorNode,
  type SupervisorSpec,
} from "../src/index.ts";
import { Counter, type CounterMessage } from "./counter.ts";

const bell = { id: "bell", start: () => ({ receive: (times: number) => "ding!".repeat(times) }) } as const;
const count = (): Counter => new Counter();
const session = (_user: string): { start: () => Counter } => ({ start: count });

/** Never run: only its types matter. */
function typesOnly(check: () => unknown): void {
  expect(check).toBeTypeOf("function");
}

describe("a supervisor", () => {
  it("knows by their specs what its children accept and answer", async () => {
    await using system = new ActorSystem("test");
    const desk = await system.supervise({
      id: "desk",
      strategy: "one-for-one",
      children: [bell, { id: "counter", start: count, mailbox: { overflow: "drop-oldest" } }],
    });
    expectTypeOf(desk.child("bell")).toEqualTypeOf<ActorRef<number>>();
    expectTypeOf(desk.child("counter")).toEqualTypeOf<ActorRef<CounterMessage>>();
    expect(await desk.child("bell").ask(2)).toBe("ding!ding!");
    const read = await desk.child("counter").ask({ type: "read" });
    expectTypeOf(read).toEqualTypeOf<number>();
    typesOnly(() => [
      // @ts-expect-error -- there is none of that name
      desk.child("bel"),
      // @ts-expect-error -- a bell takes numbers
      desk.child("bell").tell("2"),
      // @ts-expect-error -- it is an actor
      desk.supervisor("bell"),
      // @ts-expect-error -- it is an actor
      desk.dynamic("bell"),
    ]);
  });

  it("knows the supervisors under it, and what is under those", async () => {
    await using system = new ActorSystem("test");
    const desk = await system.supervise({
      id: "desk",
      strategy: "one-for-one",
      children: [
        { id: "inner", strategy: "rest-for-one", children: [bell] },
        { id: "sessions", template: session },
      ],
    });
    expectTypeOf(desk.supervisor("inner").child("bell")).toEqualTypeOf<ActorRef<number>>();
    expectTypeOf(desk.dynamic("sessions")).toEqualTypeOf<DynamicSupervisor<string, ActorRef<CounterMessage>>>();
    const ada = await desk.dynamic("sessions").startChild("ada");
    expect(await ada.ask({ type: "read" })).toBe(0);
    // @ts-expect-error -- it is a supervisor
    expect(() => desk.child("inner")).toThrow(UnknownChildError);
  });

  it("knows them as well when a builder built its spec", async () => {
    await using system = new ActorSystem("test");
    const desk = await system.supervise(
      supervisor("desk", "one-for-all")
        .allowing(5, { withinMs: 1000 })
        .actor("counter", count)
        .dynamic("sessions", session)
        .child(bell)
        .child(supervisor("inner").actor("counter", count))
        .build(),
    );
    expectTypeOf(desk.child("counter")).toEqualTypeOf<ActorRef<CounterMessage>>();
    expectTypeOf(desk.child("bell")).toEqualTypeOf<ActorRef<number>>();
    expectTypeOf(desk.dynamic("sessions")).toEqualTypeOf<DynamicSupervisor<string, ActorRef<CounterMessage>>>();
    expectTypeOf(desk.supervisor("inner").child("counter")).toEqualTypeOf<ActorRef<CounterMessage>>();
    expect(await desk.supervisor("inner").child("counter").ask({ type: "read" })).toBe(0);
    // @ts-expect-error -- there is none of that name
    expect(() => desk.child("none")).toThrow(UnknownChildError);
  });

  it("that a supervisor starts later knows its children, and so does a dynamic one its", async () => {
    await using system = new ActorSystem("test");
    const desk = await system.supervise({ id: "desk", strategy: "one-for-one", children: [] });
    expectTypeOf(await desk.startChild({ id: "counter", start: count })).toEqualTypeOf<ActorRef<CounterMessage>>();
    const inner = await desk.startChild({ id: "inner", strategy: "one-for-one", children: [bell] });
    expectTypeOf(inner.child("bell")).toEqualTypeOf<ActorRef<number>>();
    const sessions = await desk.startChild({ id: "sessions", template: session });
    expectTypeOf(await sessions.startChild("ada")).toEqualTypeOf<ActorRef<CounterMessage>>();
    expect(desk.countChildren()).toEqual({ specs: 3, running: 3, actors: 1, supervisors: 2 });
  });

  it("takes the caller's word for a child that its specs do not tell of, and nothing less", async () => {
    await using system = new ActorSystem("test");
    const desk = await system.supervise({ id: "desk", strategy: "one-for-one", children: [bell] });
    for (const id of ["a", "b"]) await desk.startChild({ id, start: count });
    for (const id of ["a", "b"]) expect(await desk.child<CounterMessage>(id).ask({ type: "read" })).toBe(0);
    typesOnly(() => {
      // @ts-expect-error -- what is expected of the result is nobody's word
      const wrong: ActorRef<string> = desk.child("bell");
      return wrong;
    });
  });

  it("of which nothing is known stands for any other, and nothing can be sent to its children", async () => {
    await using system = new ActorSystem("test");
    const spec: SupervisorSpec = { id: "desk", strategy: "one-for-one", children: [bell] };
    const desk = await system.supervise(spec);
    expectTypeOf(desk.child("bell")).toEqualTypeOf<AnyActorRef>();
    const typed: SupervisorNode = await system.supervise({ ...spec, id: "other", children: [bell] });
    expect([desk.child("bell").path, typed.child("bell").path]).toEqual(["/user/desk/bell", "/user/other/bell"]);
    // @ts-expect-error -- nobody said what it accepts
    typesOnly(() => desk.child("bell").tell(1));
  });

  it("has nothing to say of an actor that does not answer what its requests promise", async () => {
    await using system = new ActorSystem("test");
    type Read = { type: "read" } & Request<number>;
    const children = [{ id: "liar", start: () => ({ receive: (_message: Read) => "a text" }) }] as const;
    const desk = await system.supervise({ id: "desk", strategy: "one-for-one", children });
    // @ts-expect-error -- it promised a number
    const liar: { readonly path: string } = desk.child("liar");
    expect(liar.path).toBe("/user/desk/liar");
  });

  it("is stopped when it goes out of scope, and so are a dynamic one, a subscription and a whole system", async () => {
    const system = new ActorSystem("test");
    {
      await using desk = await system.supervise({ id: "desk", strategy: "one-for-one", children: [bell] });
      await using sessions = await system.superviseDynamic({ id: "sessions", template: session });
      await sessions.startChild("ada");
      using subscription = system.broker.subscribe("t", desk.child("bell"));
      expect(system.broker.publish(subscription.pattern, 1)).toBe(1);
    }
    expect(system.broker.publish("t", 1)).toBe(0);
    expect(system.tree().children).toEqual([]);
    {
      await using other = system;
      other.spawn(count);
    }
    expect(() => system.spawn(count)).toThrow("has stopped");
  });
});
