import type { OsSocket } from "@airssys/osl";
import type * as Udp from "../generated/airssys-ext-network-udp.ts";
import { asking } from "../system/answer.ts";
import { NETWORK_ANSWERS } from "../system/network-answers.ts";
import { closing } from "../system/closing.ts";
import { timeOf } from "../system/guest-values.ts";
import { withoutNetwork } from "../system/network-means.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

const functionNames = ["[static]socket.bind", "[method]socket.send", "[method]socket.receive"] as const;

/** `airssys:ext-network/udp`: datagrams to others, each within what `[capabilities.network]` grants, and from them. */
export const udp: HostInterface = {
  name: "airssys:ext-network/udp@1.0.0",
  functions: functionNames,
  waiting: functionNames,
  refusal: withoutNetwork,

  prepare: ({ access, context }) => {
    const ask = asking(NETWORK_ANSWERS);
    const close = closing(context);

    class Socket implements Promised<Udp.Socket> {
      readonly #socket: OsSocket;

      constructor(socket: OsSocket) {
        this.#socket = socket;
      }

      static bind(port: number): Promise<Socket> {
        return ask(async (signal) => new Socket(await access.os.run({ kind: "udp.bind", port }, { signal })));
      }

      send(datagram: Udp.Datagram): Promise<void> {
        return ask((signal) => this.#socket.send(datagram, { signal }));
      }

      receive(timeoutMillis: number): Promise<Udp.Datagram> {
        return ask(async (signal) =>
          this.#socket.receive({ signal, timeoutMs: timeOf(timeoutMillis, "invalid-request") }),
        );
      }

      [Symbol.dispose](): void {
        close(this.#socket);
      }
    }

    return { Socket };
  },
};
