import * as host from "./host/configuration";
import { liftString, returnArea } from "./canonical";

/** The value at a key of `[config]` (`outer.inner` for a nested table), or `null`. */
export function get(key: string): string | null {
  const name = String.UTF8.encode(key);
  host.get(changetype<usize>(name), name.byteLength, returnArea);
  return load<u8>(returnArea) == 0 ? null : liftString(returnArea + 4);
}
