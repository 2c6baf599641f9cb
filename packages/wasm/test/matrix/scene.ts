/* oxlint-disable vitest/no-standalone-expect -- a row is proved in the test of it, in matrix.proof.test.ts */
// Where a row of the matrix is proved: the mirror of one language, and those it has to do with.
import { refuse, type ActorRef } from "@airssys/rt";
import { openMemoryStore, type Store } from "@airssys/storage";
import { Probe, settled } from "@airssys/testkit";
import { expect } from "vitest";
import type { ComponentMessage } from "../../src/index.ts";
import type { GuestName } from "../guests.ts";
import { script, Stage, textOf, type Casting } from "../stage.ts";

export const languages = ["TypeScript", "AssemblyScript"] as const;

export type Language = (typeof languages)[number];

/** One way to call one function. */
export interface Row {
  /** As in `witFunctions`. */
  readonly function: string;
  /** The cases of it that this shows; behind an error, `: ` and which of its variant. */
  readonly shows: readonly string[];
  readonly prove: (scene: Scene) => Promise<void>;
}

const guests: Readonly<Record<Language, GuestName>> = {
  TypeScript: "mirror-typescript",
  AssemblyScript: "mirror-assemblyscript",
};

const permitted: Casting = {
  messaging: { send: ["test/*"], publish: ["news.#"], subscribe: ["news.#"], receiveFrom: ["test/*"] },
  storage: ["shelf", "days"],
  storageBytes: 100,
};

export class Scene {
  readonly store: Store = openMemoryStore();
  readonly stage: Stage;
  readonly #guest: GuestName;

  /** Sets it up, a full mailbox included. */
  static async open(language: Language): Promise<Scene> {
    const scene = new Scene(language);
    const busy = scene.#clerk("busy", never, 1);
    busy.tell(script("at hand"));
    await scene.settled();
    busy.tell(script("waiting"));
    return scene;
  }

  private constructor(language: Language) {
    this.#guest = guests[language];
    this.stage = new Stage({}, { storage: this.store });
    this.#clerk("echo", (payload) => payload);
    this.#clerk("silent", never);
    this.#clerk("refusing", () => refuse(new RangeError("a secret of the host")));
  }

  /** As the mirror is cast unless a row says otherwise. */
  casting(casting: Casting = {}): Casting {
    return { guest: this.#guest, ...permitted, ...casting };
  }

  /** Starts the mirror. */
  mirror(casting: Casting = {}, name = "mirror"): Promise<ActorRef<ComponentMessage>> {
    return this.stage.spawn(name, this.casting(casting));
  }

  /** A plain actor at `test/<name>` that keeps what it is sent. */
  probe(name: string): Probe<Uint8Array> {
    const probe = new Probe<Uint8Array>(this.stage.system);
    this.stage.system.registry.register(`test/${name}`, probe.ref);
    return probe;
  }

  settled(): Promise<void> {
    return settled(this.stage.system);
  }

  #clerk(name: string, receive: (payload: Uint8Array) => unknown, capacity = 1000): ActorRef<Uint8Array> {
    const ref = this.stage.system.spawn<Uint8Array>(() => ({ receive }), { mailbox: { capacity } });
    this.stage.system.registry.register(`test/${name}`, ref);
    return ref;
  }
}

function never(): Promise<void> {
  return Promise.withResolvers<void>().promise;
}

/** What the mirror replies to a text. */
export async function ask(mirror: ActorRef<ComponentMessage>, text: string): Promise<string> {
  return textOf(await mirror.ask(script(text), { timeoutMs: 600_000 }));
}

/** A row in which the mirror, newly started, makes calls one after the other, and what each comes to. */
export function calls(
  name: string,
  shows: readonly string[],
  expected: readonly (readonly [call: string, answer: unknown])[],
  casting: Casting = {},
): Row {
  const prove = async (scene: Scene): Promise<void> => {
    const mirror = await scene.mirror(casting);
    for (const [call, answer] of expected) expect(await ask(mirror, call), call).toEqual(answer);
  };
  return { function: name, shows, prove };
}
