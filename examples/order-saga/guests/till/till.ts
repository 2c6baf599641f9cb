// Charges `charge <order> <euros>` and refunds `refund <order>`, once for each order however often it is told. `balance` asks.
import { Actor, Answer, ComponentMessage, Metadata, register } from "@airssys/guest/assemblyscript";

const raw: u8 = 0x55;

class Till extends Actor {
  private readonly charged: Map<string, i32> = new Map<string, i32>();

  metadata(): Metadata {
    const metadata = new Metadata("till", "1.0.0", "Charges and refunds, once for each order");
    metadata.codecs.push(raw);
    return metadata;
  }

  handleMessage(message: ComponentMessage): Answer {
    const words = String.UTF8.decode(message.payload.slice(1).buffer).split(" ");
    if (words[0] == "balance") return say(this.balance().toString());
    if (words[0] == "refund") {
      this.charged.delete(words[1]);
      return say("ok");
    }
    const euros = i32(parseInt(words[2]));
    if (euros > 500) return say("no: the card has a limit of 500 euros");
    this.charged.set(words[1], euros);
    return say("ok");
  }

  snapshot(): Uint8Array {
    let lines = "";
    const orders = this.charged.keys();
    for (let index = 0; index < orders.length; index++) {
      lines += orders[index] + " " + this.charged.get(orders[index]).toString() + "\n";
    }
    return Uint8Array.wrap(String.UTF8.encode(lines));
  }

  restore(state: Uint8Array, fromVersion: string): Answer {
    const lines = String.UTF8.decode(state.buffer).split("\n");
    for (let index = 0; index < lines.length - 1; index++) {
      const words = lines[index].split(" ");
      this.charged.set(words[0], i32(parseInt(words[1])));
    }
    return Answer.ok();
  }

  private balance(): i32 {
    let sum = 0;
    const amounts = this.charged.values();
    for (let index = 0; index < amounts.length; index++) sum += amounts[index];
    return sum;
  }
}

function say(text: string): Answer {
  const body = Uint8Array.wrap(String.UTF8.encode(text));
  const payload = new Uint8Array(body.length + 1);
  payload[0] = raw;
  payload.set(body, 1);
  return Answer.reply(payload);
}

register(new Till());
