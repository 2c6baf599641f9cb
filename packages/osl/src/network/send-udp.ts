import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { unlessAborted } from "../deadline.ts";
import type { UdpOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import { grantedAddresses } from "./resolver.ts";

/** Sends one datagram to the first address; whether it arrives, nobody can say. */
export async function sendUdp({ host, port, bytes }: UdpOperation, performing: Performing): Promise<void> {
  const { signal, charge } = performing;
  const [address = ""] = await grantedAddresses({ host, port }, performing);
  await charge(0, bytes.length);
  const socket = createSocket(isIP(address) === 6 ? "udp6" : "udp4");
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once("error", reject);
  try {
    socket.send(bytes, port, address, (error) => (error ? reject(error) : resolve(undefined)));
    await unlessAborted(promise, signal);
  } finally {
    socket.close();
  }
}
