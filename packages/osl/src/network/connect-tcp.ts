import { once } from "node:events";
import { connect } from "node:net";
import { unlessAborted } from "../deadline.ts";
import type { TcpOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import { lookupAmong } from "./http-exchange.ts";
import { OsConnection } from "./os-connection.ts";
import { grantedAddresses } from "./resolver.ts";
import { bareHost } from "./target.ts";

export async function connectTcp({ host, port, address }: TcpOperation, performing: Performing): Promise<OsConnection> {
  const { signal, open, resolve } = performing;
  const found = address === undefined ? resolve : async () => [address];
  const addresses = await grantedAddresses({ host, port }, { ...performing, resolve: found });
  return open.hold(async () => {
    signal.throwIfAborted();
    const socket = connect({ host: bareHost(host), port, lookup: lookupAmong(addresses) });
    try {
      // `once` rejects with the error of the socket.
      await unlessAborted(once(socket, "connect"), signal);
      return new OsConnection(socket, performing);
    } catch (error) {
      socket.on("error", () => undefined);
      socket.destroy();
      throw error;
    }
  });
}
