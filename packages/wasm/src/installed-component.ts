import type { PreparedComponent } from "@airssys/engine";
import type { Actor, ActorFactory, ActorSpec } from "@airssys/rt";
import type { Manifest } from "@airssys/security";
import { ComponentActor } from "./component-actor.ts";
import type { ComponentDirectory } from "./component-directory.ts";
import type { ComponentMessage } from "./component-message.ts";
import type { ComponentId, LogLevel } from "./generated/airssys-core-types-types.ts";
import type { GuestLog } from "./guest-log.ts";
import { GuestStdio } from "./guest-stdio.ts";
import { importsFor } from "./host-interfaces.ts";
import type { Incarnation, IncarnationContext } from "./incarnation.ts";
import { OutstandingRequests } from "./outstanding-requests.ts";

/** What an installed component is made of. */
export interface InstallationParts {
  readonly address: string;
  readonly id: ComponentId;
  readonly manifest: Manifest;
  readonly prepared: PreparedComponent;
  readonly directory: ComponentDirectory;
  readonly writeLog: GuestLog;
}

/** A component that was checked, granted what it asked for, and compiled: ready to run as an actor. */
export class InstalledComponent {
  /** `namespace/name`: what other components send to. Belongs to the running actor. */
  readonly address: string;
  readonly manifest: Manifest;
  readonly #parts: InstallationParts;

  constructor(parts: InstallationParts) {
    this.address = parts.address;
    this.manifest = parts.manifest;
    this.#parts = parts;
  }

  /** Of the code that runs: `sha256:` and the digest of its bytes. */
  get digest(): string {
    return this.#parts.prepared.digest;
  }

  /** Builds one incarnation: `system.spawn(component.start)`. One actor at a time runs a component. */
  readonly start: ActorFactory<ComponentMessage> = (context) =>
    // Nobody outside can name a Callback: to others the actor takes component messages only.
    this.#incarnate(context as IncarnationContext) as Actor<ComponentMessage>;

  /** The child of a supervisor, with what the manifest says in `[supervision]`. Its id is the component's name unless given. */
  childSpec(options: { readonly id?: string } = {}): ActorSpec {
    const { restart, maxRestarts, withinMs, backoff, shutdownMs, health } = this.manifest.supervision;
    return {
      id: options.id ?? this.manifest.component.name,
      start: this.start,
      restart,
      intensity: { maxRestarts, withinMs },
      backoff,
      shutdownMs,
      health,
    };
  }

  #incarnate(context: IncarnationContext): ComponentActor {
    const { address, id, manifest, prepared, directory, writeLog } = this.#parts;
    const { registry } = context.system;
    if (registry.lookup(address) !== context.self) registry.register(address, context.self);
    const incarnation: Incarnation = {
      address,
      id,
      manifest,
      context,
      directory,
      writeLog,
      requests: new OutstandingRequests((work, toMessage) => context.pipeToSelf(work, toMessage)),
      subscriptions: new Map(),
    };
    return new ComponentActor(incarnation, this.#instantiate(prepared, incarnation));
  }

  #instantiate(prepared: PreparedComponent, incarnation: Incarnation): ReturnType<PreparedComponent["instantiate"]> {
    const { address, context, manifest, writeLog } = incarnation;
    const writeLine = (level: LogLevel, message: string): void =>
      writeLog({ component: address, correlationId: context.envelope?.correlationId, level, message, fields: [] });
    const stdout = new GuestStdio("info", writeLine);
    const stderr = new GuestStdio("warn", writeLine);
    return prepared.instantiate({
      imports: importsFor(prepared, incarnation),
      limits: { memoryBytes: manifest.resources.memory.maxBytes },
      wasi: {
        args: [address],
        stdout: (bytes) => stdout.write(bytes),
        stderr: (bytes) => stderr.write(bytes),
        clock: {
          now: () => context.clock.wallTime(),
          monotonic: () => BigInt(Math.round(context.clock.now() * 1e6)),
        },
      },
    });
  }
}
