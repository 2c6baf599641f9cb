// Greets whoever a message names, tells the journal, and keeps count.
import {
  Actor,
  Answer,
  ComponentMessage,
  configuration,
  log,
  LogLevel,
  messaging,
  Metadata,
  register,
} from "@airssys/guest/assemblyscript";

const rawCodec: u8 = 0x55;

/** A text as a payload of raw bytes. */
function raw(text: string): Uint8Array {
  const encoded = Uint8Array.wrap(String.UTF8.encode(text));
  const payload = new Uint8Array(encoded.length + 1);
  payload[0] = rawCodec;
  payload.set(encoded, 1);
  return payload;
}

class Greeter extends Actor {
  private greeted: i32 = 0;

  metadata(): Metadata {
    const metadata = new Metadata("greeter", "1.0.0", "Greets, and counts its guests");
    metadata.codecs.push(rawCodec);
    return metadata;
  }

  handleMessage(message: ComponentMessage): Answer {
    const payload = message.payload;
    const name = String.UTF8.decodeUnsafe(payload.dataStart + 1, payload.length - 1);
    if (name.length == 0) return Answer.invalidInput("nobody to greet");
    this.greeted++;

    const error = messaging.send("demo/journal", raw(name));
    if (error !== null) log(LogLevel.Info, "not in the journal: " + error.text);

    const greeting = configuration.get("greeting");
    return Answer.reply(raw(`${greeting === null ? "Good day" : greeting}, ${name}! You are guest ${this.greeted}.`));
  }
}

register(new Greeter());
