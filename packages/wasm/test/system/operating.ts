import type { DecisionMade, ManifestInput } from "@airssys/security";
import {
  jsonPayload,
  parseJsonPayload,
  type AccessOptions,
  type ComponentMessage,
  type InstalledComponent,
} from "../../src/index.ts";
import type { ActorRef } from "@airssys/rt";
import { resourceOf, rightOf } from "@airssys/security";
import { Stage, type Casting, type StageOptions } from "../stage.ts";

export type System = NonNullable<Casting["system"]>;

/** What a call came to: the value, or the error of the result. */
export type Outcome = { readonly ok: unknown } | { readonly err: { readonly tag: string; readonly val: string } };

/** One thing for the guest `operator` to do; see there. */
export interface Order {
  readonly call?: string;
  readonly args?: readonly unknown[];
  readonly keep?: string;
  readonly drop?: string;
  readonly trap?: boolean;
}

/** The smallest that each interface is installed with: it imports all of them. */
const ASKED: System = {
  filesystem: { read: ["/nowhere"] },
  network: { outbound: ["nobody.invalid:1"] },
  process: { spawn: ["/nothing"] },
  environment: { variables: ["AIRSSYS_NOTHING"] },
};

/** A component that calls whatever of the system it is told to, and the decisions that are made about it. */
export class Operating {
  readonly stage: Stage;
  readonly component: InstalledComponent;
  readonly ref: ActorRef<ComponentMessage>;
  readonly decisions: DecisionMade[];

  private constructor(
    stage: Stage,
    component: InstalledComponent,
    ref: ActorRef<ComponentMessage>,
    decisions: DecisionMade[],
  ) {
    this.stage = stage;
    this.component = component;
    this.ref = ref;
    this.decisions = decisions;
  }

  static async start(
    system: System,
    access: AccessOptions = {},
    options: StageOptions = {},
    quotas: NonNullable<Casting["quotas"]> = {},
  ): Promise<Operating> {
    const decisions: DecisionMade[] = [];
    const stage = new Stage(options, { access: { ...access, onDecision: (made) => decisions.push(made) } });
    const component = await stage.install("operator", {
      guest: "operator",
      quotas,
      system: { ...ASKED, ...system, network: { ...ASKED.network, ...system.network } },
    });
    const ref = await stage.start(component);
    // That it is given its variables when it starts is not what is asked here.
    decisions.length = 0;
    return new Operating(stage, component, ref, decisions);
  }

  /** What the operator saw refused, as `right resource`. */
  get refused(): readonly string[] {
    return this.#made("refused");
  }

  get granted(): readonly string[] {
    return this.#made("granted");
  }

  async do(order: Order): Promise<Outcome> {
    const reply = await this.ref.ask(jsonPayload(order), { timeoutMs: 60_000 });
    return parseJsonPayload(reply ?? new Uint8Array()) as Outcome;
  }

  call(call: string, ...args: readonly unknown[]): Promise<Outcome> {
    return this.do({ call, args });
  }

  #made(decision: "granted" | "refused"): readonly string[] {
    return this.decisions
      .filter((made) => made.decision === decision)
      .map(({ capability }) => {
        const address =
          capability.kind === "connect" && capability.address !== undefined ? ` ${capability.address}` : "";
        return `${rightOf(capability)} ${resourceOf(capability)}${address}`;
      });
  }
}

/** All that can be done to files below a folder. */
export function below(folder: string): NonNullable<NonNullable<ManifestInput["capabilities"]>["filesystem"]> {
  const paths = [folder, `${folder}/**`];
  return { read: paths, write: paths, delete: paths, list: paths };
}

export const bytes = (text: string): { readonly latin1: string } => ({ latin1: text });
