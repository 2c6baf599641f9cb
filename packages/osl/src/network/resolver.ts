import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Authorize } from "../authorization.ts";
import { unlessAborted } from "../deadline.ts";
import { LimitExceededError, OperationFailedError } from "../errors.ts";
import { bareHost, type Endpoint, targetOf } from "./target.ts";

/** The addresses that a name stands for, in the order they are to be tried. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const MOST_ADDRESSES = 32;

export const systemResolve: Resolve = async (name) =>
  (await lookup(name, { all: true, order: "verbatim" })).map(({ address }) => address);

/**
 * The addresses to connect to, looked up once. Policy was asked for the name; here it is asked for every address, and one that is
 * refused is a refusal of all: a name that also leads where it must not is no name to trust.
 */
export async function grantedAddresses(
  endpoint: Endpoint,
  {
    authorize,
    resolve,
    signal,
  }: { readonly authorize: Authorize; readonly resolve: Resolve; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const host = bareHost(endpoint.host);
  const target = targetOf(endpoint);
  const found = isIP(host) === 0 ? await unlessAborted(resolve(host), signal) : [host];
  const addresses = [...new Set(found)];
  if (addresses.length === 0) throw new OperationFailedError(`looking up ${target}`, "ENOTFOUND");
  if (addresses.length > MOST_ADDRESSES) throw new LimitExceededError(target, MOST_ADDRESSES, "addresses");
  for (const address of addresses) {
    // Before policy is asked: what is no plain address would be looked up once more, by whoever connects.
    if (isIP(address) === 0 || address.includes("%"))
      throw new OperationFailedError(`looking up ${target}`, "EBADRESP");
    authorize({ kind: "connect", target, address });
  }
  return addresses;
}
