// Components of other toolchains, which know nothing of airssys and reach for the machine by standard interfaces.
import { resourceOf, rightOf, type DecisionMade, type ManifestInput } from "@airssys/security";
import type { ActorRef, LogRecord } from "@airssys/rt";
import { fromTypeScript, reactorFromC } from "../../../engine/test/wasi/toolchains.ts";
import {
  call,
  type AccessOptions,
  type ComponentMessage,
  type InstalledComponent,
  type InstallOptions,
} from "../../src/index.ts";
import { Stage } from "../stage.ts";

export const guests = {
  files: (): Promise<Uint8Array> => (files ??= reactorFromC("files")),
  network: (): Promise<Uint8Array> => fromTypeScript("network"),
} as const;

let files: Promise<Uint8Array> | undefined;

export type StartStranger = (
  name: keyof typeof guests,
  capabilities: NonNullable<ManifestInput["capabilities"]>,
  access?: AccessOptions,
) => Promise<Stranger>;

export class Stranger {
  readonly component: InstalledComponent;
  readonly ref: ActorRef<ComponentMessage>;
  readonly decisions: readonly DecisionMade[];
  /** What the operator was told. */
  readonly notes: readonly LogRecord[];

  private constructor(
    component: InstalledComponent,
    ref: ActorRef<ComponentMessage>,
    decisions: readonly DecisionMade[],
    notes: readonly LogRecord[],
  ) {
    this.component = component;
    this.ref = ref;
    this.decisions = decisions;
    this.notes = notes;
  }

  static async start(
    name: keyof typeof guests,
    capabilities: NonNullable<ManifestInput["capabilities"]>,
    access: AccessOptions = {},
    options: InstallOptions = {},
  ): Promise<Stranger> {
    const decisions: DecisionMade[] = [];
    const notes: LogRecord[] = [];
    const stage = new Stage(
      { log: (note) => notes.push(note) },
      { access: { ...access, onDecision: (made) => decisions.push(made) } },
    );
    const manifest: ManifestInput = {
      component: { namespace: "test", name, version: "1.0.0", artifact: `${name}.wasm` },
      resources: { memory: { maxBytes: 4_194_304 }, cpu: { maxFuel: 1_000_000_000, timeoutMs: 300_000 } },
      capabilities,
    };
    const component = await stage.host.install({ manifest, artifact: await guests[name]() }, options);
    return new Stranger(component, await stage.start(component), decisions, notes);
  }

  /** What the operator saw refused, as `right resource`. */
  get refused(): readonly string[] {
    return this.decisions
      .filter(({ decision }) => decision === "refused")
      .map(({ capability }) => `${rightOf(capability)} ${resourceOf(capability)}`);
  }

  get granted(): readonly string[] {
    return this.decisions
      .filter(({ decision }) => decision === "granted")
      .map(({ capability }) => `${rightOf(capability)} ${resourceOf(capability)}`);
  }

  async run(...command: readonly string[]): Promise<string> {
    return String(await this.ref.ask(call("run", command.join(" "))));
  }

  ask(fn: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.ref.ask(call(fn, ...args));
  }
}
