/** What a tool said, without the wrapping its bindings put around it. */
export function toolMessage(thrown: unknown): string {
  if (thrown instanceof Error)
    return "payload" in thrown && typeof thrown.payload === "string" ? thrown.payload : thrown.message;
  return typeof thrown === "string" ? thrown : JSON.stringify(thrown);
}
