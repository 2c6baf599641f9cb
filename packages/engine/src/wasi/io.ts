import { IoError } from "./error.ts";
import { poll, Pollable } from "./poll.ts";
import { InputStream, OutputStream } from "./streams.ts";
import type { InterfaceMakers } from "./wasi-instance.ts";

/** `wasi:io`: what the streams and pollables of all other interfaces are. */
export const ioInterfaces: InterfaceMakers = {
  "wasi:io/error": () => ({ Error: IoError }),
  "wasi:io/poll": () => ({ Pollable, poll }),
  "wasi:io/streams": () => ({ InputStream, OutputStream }),
};
