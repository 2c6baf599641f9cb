// A counter that goes on where it left off. Its state is eight bytes: the number, in little-endian order.
import { Actor, Answer, ComponentMessage, Metadata, register } from "@airssys/guest/assemblyscript";

const raw: u8 = 0x55;

class Counter extends Actor {
  private count: u64 = 0;

  metadata(): Metadata {
    const metadata = new Metadata("counter", "1.0.0", "Counts");
    metadata.codecs.push(raw);
    return metadata;
  }

  /** `+` counts, `!` is a bug, anything else only asks. */
  handleMessage(message: ComponentMessage): Answer {
    const payload = message.payload;
    const command: u8 = payload.length > 1 ? payload[1] : 0;
    if (command == 0x21) unreachable();
    if (command == 0x2b) this.count++;
    const text = String.UTF8.encode(this.count.toString());
    const reply = new Uint8Array(text.byteLength + 1);
    reply[0] = raw;
    reply.set(Uint8Array.wrap(text), 1);
    return Answer.reply(reply);
  }

  snapshot(): Uint8Array {
    const state = new Uint8Array(8);
    store<u64>(state.dataStart, this.count);
    return state;
  }

  restore(state: Uint8Array, fromVersion: string): Answer {
    if (state.length != 8) return Answer.invalidInput("a state has eight bytes");
    this.count = load<u64>(state.dataStart);
    return Answer.ok();
  }
}

register(new Counter());
