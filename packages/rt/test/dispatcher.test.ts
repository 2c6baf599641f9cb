import { createServer, connect } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { ActorSystem, type ActorRef } from "../src/index.ts";
import { Dispatcher } from "../src/dispatcher.ts";

/** Turns that the test takes by hand, and time that passes with the work. */
class ManualTurns {
  readonly asked: string[] = [];
  time = 0;
  #next: (() => void) | undefined;

  now(): number {
    return this.time;
  }

  soon(callback: () => void): void {
    this.asked.push("soon");
    this.#next = callback;
  }

  afterIo(callback: () => void): void {
    this.asked.push("after I/O");
    this.#next = callback;
  }

  take(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }
}

describe("the dispatcher", () => {
  it("gives ready actors their turns in order, and each at most its throughput", () => {
    const turns = new ManualTurns();
    const dispatcher = new Dispatcher(turns, { throughput: 3 });
    const budgets: string[] = [];
    for (const name of ["a", "b"]) {
      dispatcher.enqueue({
        run: (budget) => {
          budgets.push(`${name} ${budget}`);
          return budget;
        },
      });
    }
    expect(dispatcher.isIdle).toBe(false);
    turns.take();
    expect(budgets).toEqual(["a 3", "b 3"]);
    expect(dispatcher.isIdle).toBe(true);
  });

  it("begins in a microtask and goes on behind I/O when the slice is over", () => {
    const turns = new ManualTurns();
    const dispatcher = new Dispatcher(turns, { sliceMs: 1 });
    const busy = {
      run: (budget: number) => {
        turns.time += 0.1 * budget;
        dispatcher.enqueue(busy);
        return budget;
      },
    };
    dispatcher.enqueue(busy);
    for (let turn = 0; turn < 5; turn += 1) turns.take();
    expect(turns.asked).toEqual(["soon", "after I/O", "after I/O", "after I/O", "after I/O", "after I/O"]);
  });

  it("counts work that microtasks start anew towards the same slice", () => {
    const turns = new ManualTurns();
    const dispatcher = new Dispatcher(turns, { sliceMs: 1 });
    for (let turn = 0; turn < 1000; turn += 1) {
      dispatcher.enqueue({
        run: () => {
          turns.time += 0.01;
          return 1;
        },
      });
      turns.take();
    }
    expect(turns.asked.filter((asked) => asked === "after I/O").length).toBeGreaterThan(5);
  });

  it("ends the turn when a promise was settled, so that whoever awaits it runs at once", () => {
    const turns = new ManualTurns();
    const dispatcher = new Dispatcher(turns);
    const ran: string[] = [];
    dispatcher.enqueue({
      run: () => {
        ran.push("a");
        dispatcher.hasSettled = true;
        return 1;
      },
    });
    dispatcher.enqueue({ run: () => ran.push("b") });
    turns.take();
    expect([ran, turns.asked]).toEqual([["a"], ["soon", "soon"]]);
    turns.take();
    expect(ran).toEqual(["a", "b"]);
  });

  it("holds any number of ready actors", () => {
    const turns = new ManualTurns();
    const dispatcher = new Dispatcher(turns);
    const ran: number[] = [];
    for (let actor = 0; actor < 5000; actor += 1) dispatcher.enqueue({ run: () => (ran.push(actor), 1) });
    while (!dispatcher.isIdle) turns.take();
    expect(ran).toEqual(Array.from({ length: 5000 }, (_, actor) => actor));
  });
});

/** Two actors that never run out of messages. */
function saturate(system: ActorSystem): void {
  const players: ActorRef<string>[] = [];
  for (const other of [1, 0]) {
    players.push(system.spawn<string>(() => ({ receive: (ball) => players[other]?.tell(ball) })));
  }
  players[0]?.tell("ball");
}

describe("a saturated system", () => {
  it("still serves timers", async () => {
    await using system = new ActorSystem("test");
    saturate(system);
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
    expect(system.isIdle).toBe(false);
  });

  it("still serves sockets", async () => {
    await using system = new ActorSystem("test");
    const server = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new TypeError("the server has no port");
    const client = connect(address.port, "127.0.0.1");
    await once(client, "connect");
    saturate(system);
    client.write("echo");
    const [data] = (await once(client, "data")) as [Buffer];
    expect(data.toString()).toBe("echo");
    expect(system.isIdle).toBe(false);
    client.destroy();
    server.close();
  });

  it("still serves timers while asks are awaited in a loop", async () => {
    await using system = new ActorSystem("test");
    const echo = system.spawn<number>(() => ({ receive: (message): unknown => message }));
    const timer = new Promise<string>((resolve) => {
      setTimeout(() => resolve("fired"), 1);
    });
    const askForever = async (): Promise<never> => {
      await echo.ask(1);
      return askForever();
    };
    expect(await Promise.race([askForever(), timer])).toBe("fired");
  });
});
