import { fileURLToPath } from "node:url";

/** Where the engine keeps what it prepared, so that only the first run waits for the transpiler. */
export const cacheDirectory: string = fileURLToPath(new URL("../../.cache/prepared/", import.meta.url));
