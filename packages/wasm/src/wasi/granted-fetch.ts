import { type GuestFetch, REQUEST_DENIED } from "@airssys/engine";
import { type HttpMethod, OslError } from "@airssys/osl";
import type { ComponentAccess } from "../access/component-access.ts";

/** Statuses that have no body, not even an empty one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** Sends what `wasi:http` asks for, as far as it is granted. Redirects are answers: a guest follows them by asking again. */
export function grantedFetch(access: ComponentAccess): GuestFetch {
  return async (request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    try {
      const response = await access.os.run(
        {
          kind: "http.request",
          // The check of the operation knows which there are.
          method: request.method as HttpMethod,
          url: request.url,
          headers: Object.fromEntries(request.headers),
          ...(body.length > 0 && { body }),
          maxRedirects: 0,
        },
        { signal: request.signal },
      );
      const { status, headers } = response;
      return new Response(WITHOUT_BODY.has(status) ? null : new Uint8Array(response.body), {
        status,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
      });
    } catch (error) {
      if (!(error instanceof OslError)) throw error;
      if (error.code === "OSL_DENIED" || error.code === "OSL_AUDIT_FAILED" || error.code === "OSL_OPERATION_INVALID")
        throw REQUEST_DENIED; // oxlint-disable-line typescript/only-throw-error -- a code is what the guest gets
      // As `fetch` says of what the network refused.
      throw new TypeError(error.message, { cause: error });
    }
  };
}
