import type { FileErrorCode } from "../files/guest-files.ts";
import type { HttpErrorCode } from "../network/guest-fetch.ts";
import type { NetworkErrorCode } from "../network/guest-network.ts";

/** What a stream failed with, in the words of the interface that the stream came from. */
export type StreamFailure =
  | { readonly kind: "file"; readonly code: FileErrorCode }
  | { readonly kind: "network"; readonly code: NetworkErrorCode }
  | { readonly kind: "http"; readonly code: HttpErrorCode };

/** `wasi:io/error`: why a stream failed. It says no more to the guest than the code. */
export class IoError {
  readonly failure: StreamFailure;

  constructor(failure: StreamFailure) {
    this.failure = failure;
  }

  toDebugString(): string {
    const { kind, code } = this.failure;
    return `${kind} error: ${typeof code === "string" ? code : code.tag}`;
  }
}
