import { InvalidOptionError } from "./errors.ts";

/** An id is one segment of a path. @throws InvalidOptionError */
export function checkId(id: string): void {
  if (id === "" || id.includes("/")) throw new InvalidOptionError("id", "a name without /", JSON.stringify(id));
}
