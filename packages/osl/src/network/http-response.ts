export interface HttpResponse {
  readonly status: number;
  /** Names in lower case, in the order they came. A name may come more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As it came: it is not decompressed. */
  readonly body: Uint8Array;
  /** Where it came from, redirects followed. */
  readonly url: string;
}
