// What Node makes of the code that tests run in threads and processes of their own is kept for the next of them.
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../node_modules/.cache/airssys/compiled/", import.meta.url));
process.env["NODE_COMPILE_CACHE"] ??= directory;
enableCompileCache(directory);
