import type { HttpMethod } from "@airssys/osl";
import type * as Http from "../generated/airssys-ext-network-http.ts";
import { asking, refuse } from "../system/answer.ts";
import { NETWORK_ANSWERS } from "../system/network-answers.ts";
import { MOST_BYTES, timeOf } from "../system/guest-values.ts";
import { withoutOutbound } from "../system/network-means.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

const MOST_REDIRECTS = 10;
const TOO_MANY_REDIRECTS = `at most ${MOST_REDIRECTS} redirects are followed`;

/** `airssys:ext-network/http`: requests, each and each of its redirects within what `[capabilities.network]` grants. */
export const http: HostInterface = {
  name: "airssys:ext-network/http@1.0.0",
  functions: ["request"],
  waiting: ["request"],
  refusal: withoutOutbound,
  prepare: ({ access }) => {
    const ask = asking(NETWORK_ANSWERS);
    const functions: Promised<typeof Http> = {
      request: ({ method, url, headers, body, timeoutMillis, maxRedirects }) =>
        ask(async (signal) => {
          // The operator's limit may be another.
          if (maxRedirects > MOST_REDIRECTS) {
            access.refuse({ kind: "connect", target: url }, TOO_MANY_REDIRECTS);
            return refuse("invalid-request", TOO_MANY_REDIRECTS);
          }
          const response = await access.os.run(
            {
              kind: "http.request",
              // The check of the operation knows which there are.
              method: method as HttpMethod,
              url,
              headers,
              ...(body.length > 0 && { body }),
              maxRedirects,
              mostResponseBytes: MOST_BYTES,
            },
            { signal, timeoutMs: timeOf(timeoutMillis, "invalid-request") },
          );
          return {
            status: response.status,
            headers: response.headers.map(([name, value]): [string, string] => [name, value]),
            body: response.body,
          };
        }),
    };
    return functions;
  },
};
