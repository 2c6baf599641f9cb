import type { FileErrorCode } from "../files/guest-files.ts";

/** What a stream failed with, in the words of the interface that the stream came from. */
export type StreamFailure =
  | { readonly kind: "file"; readonly code: FileErrorCode }
  | { readonly kind: "network"; readonly code: string }
  | { readonly kind: "http"; readonly code: { readonly tag: string; readonly val?: unknown } };

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
