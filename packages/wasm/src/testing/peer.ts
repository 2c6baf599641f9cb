import type { ComponentHost } from "../component-host.ts";

/** The smallest component there is: the preamble of the binary format, and nothing in it. */
const nothing = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);

/** Has the host know a component of that name, which receives from everybody. Nothing of it runs. Rejects with `ManifestError`. */
export async function installPeer(host: ComponentHost, address: string, maxBytes: number): Promise<void> {
  const [namespace = "", name = "", ...rest] = address.split("/");
  await host.install({
    manifest: {
      component: { namespace, name: [name, ...rest].join("/"), version: "1.0.0", artifact: "peer.wasm" },
      resources: { memory: { maxBytes }, cpu: { maxFuel: 1000, timeoutMs: 1 } },
      capabilities: { messaging: { receiveFrom: ["*/*"] } },
    },
    artifact: nothing,
  });
}
