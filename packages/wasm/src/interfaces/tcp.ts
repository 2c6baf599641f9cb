import type { OsConnection, OsListener } from "@airssys/osl";
import type * as Tcp from "../generated/airssys-ext-network-tcp.ts";
import { asking, refuse } from "../system/answer.ts";
import { ByteReader } from "../system/byte-reader.ts";
import { NETWORK_ANSWERS } from "../system/network-answers.ts";
import { closing } from "../system/closing.ts";
import { MOST_BYTES, timeOf } from "../system/guest-values.ts";
import { withoutNetwork } from "../system/network-means.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

/** The longest that a timer keeps: how long is waited is what each call says. */
const FOR_EVER_MS = 2_147_483_647;

const functionNames = [
  "[static]connection.connect",
  "[method]connection.send",
  "[method]connection.receive",
  "[method]connection.peer",
  "[static]listener.listen",
  "[method]listener.accept",
] as const;

/** `airssys:ext-network/tcp`: connections to others and from them, within what `[capabilities.network]` grants. */
export const tcp: HostInterface = {
  name: "airssys:ext-network/tcp@1.0.0",
  functions: functionNames,
  waiting: functionNames.filter((name) => name !== "[method]connection.peer"),
  refusal: withoutNetwork,

  prepare: ({ access, context }) => {
    const ask = asking(NETWORK_ANSWERS);
    const close = closing(context);

    class Connection implements Promised<Omit<Tcp.Connection, "peer">> {
      readonly #connection: OsConnection;
      readonly #reader: ByteReader;
      readonly #peer: [string, number];

      constructor(connection: OsConnection) {
        this.#connection = connection;
        this.#peer = [connection.remoteAddress, connection.remotePort];
        this.#reader = new ByteReader(() => connection.read({ timeoutMs: FOR_EVER_MS }), context.clock);
      }

      static connect(host: string, port: number, timeoutMillis: number): Promise<Connection> {
        return ask(async (signal) => {
          const timeoutMs = timeOf(timeoutMillis, "invalid-request");
          return new Connection(await access.os.run({ kind: "tcp.connect", host, port }, { signal, timeoutMs }));
        });
      }

      send(bytes: Uint8Array): Promise<void> {
        return ask((signal) => this.#connection.write(bytes, { signal }));
      }

      receive(length: number, timeoutMillis: number): Promise<Uint8Array> {
        return ask(async (signal) => {
          const bytes = await this.#reader.read(
            Math.min(length, MOST_BYTES),
            timeOf(timeoutMillis, "invalid-request"),
            signal,
          );
          return bytes ?? refuse("timeout", `nothing came within ${timeoutMillis} ms`);
        });
      }

      peer(): [string, number] {
        return this.#peer;
      }

      [Symbol.dispose](): void {
        close(this.#connection);
      }
    }

    class Listener {
      readonly #listener: OsListener;

      constructor(listener: OsListener) {
        this.#listener = listener;
      }

      static listen(port: number): Promise<Listener> {
        return ask(async (signal) => new Listener(await access.os.run({ kind: "tcp.listen", port }, { signal })));
      }

      accept(timeoutMillis: number): Promise<Connection> {
        return ask(async (signal) => {
          const timeoutMs = timeOf(timeoutMillis, "invalid-request");
          return new Connection(await this.#listener.accept({ signal, timeoutMs }));
        });
      }

      [Symbol.dispose](): void {
        close(this.#listener);
      }
    }

    return { Connection, Listener };
  },
};
