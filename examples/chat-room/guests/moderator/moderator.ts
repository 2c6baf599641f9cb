// Hears what is said in any room, and publishes what may be heard there. A line is `name: text`, raw bytes in UTF-8.
import { Actor, Answer, ComponentConfig, ComponentMessage } from "@airssys/guest/assemblyscript";
import { messaging, Metadata, register } from "@airssys/guest/assemblyscript";

const raw: u8 = 0x55;

class Moderator extends Actor {
  private forbidden: string = "";

  metadata(): Metadata {
    const metadata = new Metadata("moderator", "1.0.0", "Lets through what may be said in a room");
    metadata.codecs.push(raw);
    return metadata;
  }

  init(config: ComponentConfig): Answer {
    const forbidden = config.get("forbidden");
    if (forbidden !== null) this.forbidden = forbidden;
    const refusal = messaging.subscribe("chat.*.said");
    return refusal === null ? Answer.ok() : Answer.failed(refusal.text);
  }

  handleMessage(message: ComponentMessage): Answer {
    const topic = message.topic;
    if (topic === null) return Answer.unsupported("the moderator listens to rooms only");
    const line = String.UTF8.decode(message.payload.slice(1).buffer);
    const colon = line.indexOf(": ");
    assert(colon > 0, "somebody has a name");
    const isAllowed = this.forbidden == "" || !line.includes(this.forbidden);
    const heard = isAllowed ? line : "moderator: no spoilers, " + line.substring(0, colon) + "!";
    const refusal = messaging.publish("chat." + topic.split(".")[1] + ".heard", encode(heard)).error;
    return refusal === null ? Answer.ok() : Answer.failed(refusal.text);
  }
}

function encode(text: string): Uint8Array {
  const body = Uint8Array.wrap(String.UTF8.encode(text));
  const payload = new Uint8Array(body.length + 1);
  payload[0] = raw;
  payload.set(body, 1);
  return payload;
}

register(new Moderator());
