import { createHash } from "node:crypto";
import { Engine, type Isolation } from "@airssys/engine";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { digestGuest, digestPlugin } from "./assemblyscript-guests.ts";
import { cacheDirectory } from "./prepared-cache.ts";

/** What does the work: a message in, a digest out. */
interface Digester {
  readonly digest: (message: Uint8Array) => Promise<unknown>;
  /** Lets go of what its calls leave behind; not timed. */
  readonly tidy?: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** A message of 100 bytes that says how often the guest is to hash. */
function messageFor(times: number): Uint8Array {
  const message = new Uint8Array(100).fill(0x20);
  new DataView(message.buffer).setUint16(0, times, true);
  return message;
}

function digestOf(message: Uint8Array, times: number): Uint8Array {
  let digest = createHash("sha256").update(message).digest();
  for (let done = 1; done < times; done += 1) digest = createHash("sha256").update(digest).digest();
  return digest;
}

/** Asks for one digest after another; an operation is one that is right. */
function digesting({ digest, tidy, close }: Digester, times: number): Run {
  const message = messageFor(times);
  const expected = Buffer.from(digestOf(message, times));
  return {
    run: async (operations) => {
      let right = 0;
      for (let asked = 0; asked < operations; asked += 1) {
        const answer = await digest(message);
        if (answer instanceof Uint8Array && expected.equals(answer)) right += 1;
      }
      return right;
    },
    tidy: async () => void (await tidy?.()),
    close,
  };
}

/** Behind a promise, so that a guest on the host's thread gives way while it runs and one on its own can be waited for. */
async function launched(isolation: Isolation): Promise<Digester> {
  const engine = new Engine({ cacheDirectory });
  const component = await engine.prepare(await digestGuest());
  const instance = await component.launch({ isolation });
  return {
    digest: async (message) => {
      const answer = await instance.call("digest", [message]);
      return answer.ok ? answer.value : undefined;
    },
    close: async () => {
      await instance[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

/** On the host's thread, called like a function. */
async function instantiated(): Promise<Digester> {
  const engine = new Engine({ cacheDirectory });
  const component = await engine.prepare(await digestGuest());
  const instance = component.instantiate();
  return {
    digest: async (message) => {
      const answer = instance.call("digest", [message]);
      return answer.ok ? answer.value : undefined;
    },
    close: () => engine[Symbol.asyncDispose](),
  };
}

async function extism(runInWorker: boolean): Promise<Digester> {
  // Loading it changes the process that loads it: only where it is measured.
  const { createPlugin } = await import("@extism/extism");
  const plugin = await createPlugin({ wasm: [{ data: await digestPlugin() }] }, { runInWorker, useWasi: false });
  return {
    digest: async (message) => (await plugin.call("digest", message))?.bytes(),
    // It has room for some thirty thousand messages, of which a call leaves one in and one out.
    tidy: () => plugin.reset(),
    close: () => plugin.close(),
  };
}

function workload(
  name: string,
  times: number,
  operations: number,
  subjects: Readonly<Record<string, () => Promise<Digester>>>,
): TimedWorkload {
  const subjectOf = ([subject, open]: readonly [string, () => Promise<Digester>]): Subject => ({
    name: subject,
    open: async () => digesting(await open(), times),
  });
  return { suite: "engine", name, unit: "us", operations, subjects: Object.entries(subjects).map(subjectOf) };
}

const onTheHostsThread = {
  airssys: () => launched("shared"),
  "airssys-instantiate": instantiated,
  extism: () => extism(false),
};
const onAThreadOfItsOwn = { airssys: () => launched("worker"), extism: () => extism(true) };

/** The same digest of 100 bytes in both, and a thousand of them at once: first the way there and back, then the work. */
export const digestWorkloads: readonly TimedWorkload[] = [
  workload("digest", 1, 5000, onTheHostsThread),
  workload("digest-1000", 1000, 100, onTheHostsThread),
  workload("digest-worker", 1, 2000, onAThreadOfItsOwn),
  workload("digest-worker-1000", 1000, 100, onAThreadOfItsOwn),
];
