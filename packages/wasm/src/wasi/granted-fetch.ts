import { type GuestFetch, type HttpErrorCode, REQUEST_DENIED } from "@airssys/engine";
import { type HttpMethod, OslError } from "@airssys/osl";
import type { ComponentAccess } from "../access/component-access.ts";

/** Statuses that have no body, not even an empty one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** A guest streams its bodies, and may have many requests under way: what the host holds of them at once is this much for each. */
const MOST_BYTES = 4_194_304;
const MOST_AT_ONCE = 8;

/** Sends what `wasi:http` asks for, as far as it is granted. Redirects are answers: a guest follows them by asking again. */
export function grantedFetch(access: ComponentAccess): GuestFetch {
  let underWay = 0;
  return async (request) => {
    if (underWay >= MOST_AT_ONCE) return refuse({ tag: "connection-limit-reached" });
    underWay += 1;
    try {
      return await send(request, access);
    } finally {
      underWay -= 1;
    }
  };
}

async function send(request: Request, access: ComponentAccess): Promise<Response> {
  const body = await wholeBody(request);
  try {
    const {
      status,
      headers,
      body: answer,
    } = await access.os.run(
      {
        kind: "http.request",
        // The check of the operation knows which there are.
        method: request.method as HttpMethod,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        ...(body.length > 0 && { body }),
        maxRedirects: 0,
        mostResponseBytes: MOST_BYTES,
      },
      { signal: request.signal },
    );
    return new Response(WITHOUT_BODY.has(status) ? null : new Uint8Array(answer), {
      status,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
    });
  } catch (error) {
    if (!(error instanceof OslError)) throw error;
    switch (error.code) {
      case "OSL_DENIED":
      case "OSL_AUDIT_FAILED":
      case "OSL_OPERATION_INVALID":
        return refuse(REQUEST_DENIED);
      case "OSL_LIMIT_EXCEEDED":
        return refuse({ tag: "HTTP-response-body-size" });
      default:
        // As `fetch` says of what the network refused.
        throw new TypeError(error.message, { cause: error });
    }
  }
}

/** All that the guest sends, which may be without end. */
async function wholeBody({ body }: Request): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    // Leaving the loop cancels what would still come.
    if (length > MOST_BYTES) return refuse({ tag: "HTTP-request-body-size" });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function refuse(code: HttpErrorCode): never {
  throw code; // oxlint-disable-line typescript/only-throw-error -- a code is what the guest gets
}
