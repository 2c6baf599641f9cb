import { readFileSync } from "node:fs";
import { Engine } from "../../src/index.ts";

/* A process of its own that prepares a component, as another host sharing the cache would: `<cache directory> <component>`. */

const [cacheDirectory = "", componentFile = ""] = process.argv.slice(2);
const component = await new Engine({ cacheDirectory }).prepare(readFileSync(componentFile));
process.stdout.write(JSON.stringify(component.instantiate().call("go")));
