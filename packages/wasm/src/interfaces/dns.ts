import type * as Dns from "../generated/airssys-ext-network-dns.ts";
import { asking } from "../system/answer.ts";
import { NETWORK_ANSWERS } from "../system/network-answers.ts";
import { withoutOutbound } from "../system/network-means.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

/** `airssys:ext-network/dns`: what names stand for, of those that `[capabilities.network]` grants. */
export const dns: HostInterface = {
  name: "airssys:ext-network/dns@1.0.0",
  functions: ["resolve"],
  waiting: ["resolve"],
  refusal: withoutOutbound,
  prepare: ({ access }) => {
    const ask = asking(NETWORK_ANSWERS);
    const functions: Promised<typeof Dns> = {
      resolve: (host, port) =>
        ask(async (signal) => [...(await access.os.run({ kind: "dns.resolve", host, port }, { signal }))]),
    };
    return functions;
  },
};
