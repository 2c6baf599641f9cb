import { Answer, Health, Output } from "./answers";
import { ComponentConfig, ComponentMessage, ExecutionContext, Metadata } from "./message";
import { MessagingError } from "./messaging";

/** Extend it, override what the actor does, and hand one instance to `register` at the top level of the entry file. */
export abstract class Actor {
  abstract metadata(): Metadata;

  /** Called once, before anything else. An error refuses to start. */
  init(config: ComponentConfig): Answer {
    return Answer.ok();
  }

  handleMessage(message: ComponentMessage): Answer {
    return Answer.unsupported("this component handles no messages");
  }

  execute(operation: Uint8Array, context: ExecutionContext): Output {
    return Output.unknownOperation("this component has no operations");
  }

  /** The end of a request: either `reply` or `error` is there. */
  handleCallback(request: string, reply: Uint8Array | null, error: MessagingError | null): Answer {
    return Answer.ok();
  }

  health(): Health {
    return Health.healthy();
  }

  shutdown(): Answer {
    return Answer.ok();
  }

  /** In the world `stateful-actor`: all that the next instance needs to go on. */
  snapshot(): Uint8Array {
    return new Uint8Array(0);
  }

  /** In the world `stateful-actor`: goes on from a snapshot, after `init`. An error refuses to. */
  restore(state: Uint8Array, fromVersion: string): Answer {
    return Answer.unsupported("this component takes over no state");
  }
}

let registered: Actor | null = null;

/** Makes `actor` what this component is. */
export function register(actor: Actor): void {
  assert(registered === null, "a component is one actor: register was called twice");
  registered = actor;
}

/** Traps when nothing was registered. */
export function registeredActor(): Actor {
  return assert(registered, "no actor: call register at the top level of the entry file");
}
