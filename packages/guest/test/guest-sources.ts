// The same actor in two languages, as its author would write it: it replies with the payload twice, or does what its
// first byte says: 1 refuses, 2 breaks, 3 sends the rest to shop/next and tells how that went.

export const typescriptActor = `
import { send } from "airssys:core-host/messaging@1.0.0";
import { twice } from "./twice.ts";

type Message = { payload: Uint8Array };

export const componentLifecycle = {
  init(config: { values: [string, string][] }): void {
    if (config.values.length === 0) throw { tag: "invalid-config", val: "nothing configured" };
  },
  handleMessage({ payload }: Message): Uint8Array | null {
    if (payload[0] === 1) throw { tag: "invalid-input", val: "no ones" };
    if (payload[0] === 2) throw new Error("broken");
    if (payload[0] !== 3) return twice(payload);
    try {
      send("shop/next", payload.subarray(1));
      return null;
    } catch (error) {
      throw { tag: "failed", val: error.payload.tag };
    }
  },
  execute(operation: Uint8Array): Uint8Array {
    if (operation.length === 0) throw { tag: "unknown-operation", val: "nothing" };
    return operation;
  },
  handleCallback(): void {},
  metadata() {
    return { name: "twice", version: "1.0.0", description: "dit deux fois « oui »", operations: ["same"], codecs: [0x55] };
  },
  health() {
    return { tag: "degraded", val: "tired" };
  },
  shutdown(): void {},
};
`;

export const typescriptTwice = `
export function twice(payload: Uint8Array): Uint8Array {
  const doubled: Uint8Array = new Uint8Array(payload.length * 2);
  doubled.set(payload);
  doubled.set(payload, payload.length);
  return doubled;
}
`;

export const assemblyscriptActor = `
import {
  Actor, Answer, clock, ComponentConfig, ComponentMessage, configuration, ExecutionContext, Health, log, LogLevel, messaging,
  MessagingError, MessagingErrorKind, Metadata, Output, register,
} from "@airssys/guest/assemblyscript";
import { twice } from "./twice";

class Twice extends Actor {
  init(config: ComponentConfig): Answer {
    return config.get("greeting") === null ? Answer.invalidConfig("nothing configured") : Answer.ok();
  }
  handleMessage(message: ComponentMessage): Answer {
    const payload = message.payload;
    if (payload[0] == 1) return Answer.invalidInput("no ones");
    if (payload[0] == 2) throw new Error("broken");
    if (payload[0] == 3) {
      const error = messaging.send("shop/next", payload.subarray(1));
      if (error === null) return Answer.ok();
      return Answer.failed(error.kind == MessagingErrorKind.MailboxFull ? "mailbox-full" : error.text);
    }
    return Answer.reply(twice(payload));
  }
  execute(operation: Uint8Array, context: ExecutionContext): Output {
    return operation.length == 0 ? Output.unknownOperation("nothing") : Output.of(operation);
  }
  metadata(): Metadata {
    const metadata = new Metadata("twice", "1.0.0", "dit deux fois « oui »");
    metadata.operations = ["same"];
    metadata.codecs = [0x55];
    return metadata;
  }
  health(): Health {
    return Health.degraded("tired");
  }
}

register(new Twice());
`;

export const assemblyscriptTwice = `
export function twice(payload: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(payload.length * 2);
  doubled.set(payload);
  doubled.set(payload, payload.length);
  return doubled;
}
`;

/** Tells everything it is told, and tries every function of the host. */
export const assemblyscriptParrot = `
import {
  Actor, Answer, clock, ComponentMessage, configuration, ExecutionContext, log, LogLevel, messaging, MessagingError,
  Metadata, Output, register,
} from "@airssys/guest/assemblyscript";

function bytes(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}

class Parrot extends Actor {
  private heard: string = "";

  handleMessage(message: ComponentMessage): Answer {
    const sender = message.sender;
    const topic = message.topic;
    const correlation = message.correlationId;
    const headers = message.headers;
    let text = sender === null ? "nobody" : sender.namespace + "/" + sender.name + "@" + sender.version;
    text += " " + (topic === null ? "no topic" : topic) + " " + (correlation === null ? "no id" : correlation);
    text += " " + message.seconds.toString() + "." + message.nanoseconds.toString();
    for (let i = 0; i < headers.length; i++) text += " " + headers[i][0] + "=" + headers[i][1];
    return Answer.reply(bytes(text));
  }

  execute(operation: Uint8Array, context: ExecutionContext): Output {
    log(LogLevel.Info, "executing");
    const self = messaging.selfId();
    const asked = messaging.request("shop/till", bytes("total?"), 250);
    const published = messaging.publish("orders.new", bytes("order"));
    const subscribed = messaging.subscribe("orders.*");
    const setting = configuration.get("colour");
    const missing = configuration.get("size");
    const remaining = context.remainingMillis == u64.MAX_VALUE ? "for ever" : context.remainingMillis.toString();
    const correlation = context.correlationId;
    return Output.of(bytes(
      [
        self.namespace, self.name, self.version, asked.id, published.receivers.toString(),
        subscribed === null ? "subscribed" : subscribed.text, messaging.unsubscribe("orders.*").toString(),
        messaging.cancelRequest(asked.id).toString(), setting === null ? "none" : setting, missing === null ? "none" : missing,
        clock.now().toString(), clock.monotonic().toString(), remaining, correlation === null ? "no id" : correlation,
      ].join(" "),
    ));
  }

  handleCallback(request: string, reply: Uint8Array | null, error: MessagingError | null): Answer {
    if (error !== null) return Answer.unsupported(request + ": " + error.kind.toString() + " " + error.text);
    return reply === null ? Answer.ok() : Answer.failed(request + ": " + String.UTF8.decode(reply.buffer));
  }

  metadata(): Metadata {
    return new Metadata("parrot", "0.1.0", "");
  }
}

register(new Parrot());
`;
