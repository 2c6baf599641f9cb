import type { OsSocket } from "@airssys/osl";
import type * as Udp from "../generated/airssys-ext-network-udp.ts";
import { asking } from "../system/answer.ts";
import { NETWORK_ANSWERS } from "../system/network-answers.ts";
import { timeOf, withoutNetwork } from "../system/network-means.ts";
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
        return ask(async (signal) => this.#socket.receive({ signal, timeoutMs: timeOf(timeoutMillis) }));
      }

      [Symbol.dispose](): void {
        this.#socket[Symbol.asyncDispose]().catch((error: unknown) => {
          context.log.error("a socket of the component could not be closed", { error });
        });
      }
    }

    return { Socket };
  },
};
