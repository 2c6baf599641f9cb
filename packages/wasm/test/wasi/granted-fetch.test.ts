import { CapabilitySet } from "@airssys/security";
import { systemClock } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { ComponentAccess } from "../../src/access/component-access.ts";
import { grantedFetch } from "../../src/wasi/granted-fetch.ts";
import { guest } from "../guests.ts";
import { manifestFor, rejection, Stage } from "../stage.ts";
import { httpServer } from "../../../osl/test/sample-server.ts";

async function fetchTo(port: number): Promise<ReturnType<typeof grantedFetch>> {
  const grants = new CapabilitySet();
  grants.grant({ kind: "connect", target: `127.0.0.1:${port}` });
  const { host } = new Stage();
  const manifest = manifestFor("stranger", { messaging: {}, config: {} });
  const { version } = await host.install({ manifest, artifact: await guest("stranger") });
  const means = { options: {}, clock: systemClock, account: () => true };
  return grantedFetch(new ComponentAccess("test/x", { ...version, grants }, means));
}

/** A body without end, and how much of it was taken. */
function endless(): { readonly body: ReadableStream<Uint8Array>; readonly taken: () => number } {
  let taken = 0;
  const piece = new Uint8Array(65_536);
  const body = new ReadableStream<Uint8Array>({ pull: (to) => to.enqueue(((taken += piece.length), piece)) });
  return { body, taken: () => taken };
}

describe("a request by the standard HTTP", () => {
  it("whose body never ends is given up, and no more of it is held than may be", async () => {
    let requests = 0;
    const port = await httpServer((_, response) => response.end(String((requests += 1))));
    const { body, taken } = endless();
    const fetch = await fetchTo(port);
    const request = new Request(`http://127.0.0.1:${port}/`, { method: "POST", body, duplex: "half" });
    expect(await rejection(fetch(request))).toEqual({ tag: "HTTP-request-body-size" });
    expect([taken() < 5_000_000, requests]).toEqual([true, 0]);
  });

  it("whose answer is too large is given up", async () => {
    const port = await httpServer((_, response) => response.end(new Uint8Array(4_194_305)));
    const fetch = await fetchTo(port);
    const asked = rejection(fetch(new Request(`http://127.0.0.1:${port}/`)));
    expect(await asked).toEqual({ tag: "HTTP-response-body-size" });
  });

  it("is one of so many that may be under way", async () => {
    const waiting: (() => void)[] = [];
    const port = await httpServer((_, response) => void waiting.push(() => response.end()));
    const fetch = await fetchTo(port);
    const ask = (): Promise<Response> => fetch(new Request(`http://127.0.0.1:${port}/`));
    const all = Array.from({ length: 8 }, ask);
    expect(await rejection(ask())).toEqual({ tag: "connection-limit-reached" });
    while (waiting.length < 8) await new Promise((resolve) => setImmediate(resolve));
    for (const answer of waiting) answer();
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const again = ask();
    while (waiting.length < 9) await new Promise((resolve) => setImmediate(resolve));
    waiting.at(-1)?.();
    expect((await again).status).toBe(200);
  });
});
