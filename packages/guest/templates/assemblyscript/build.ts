// node build.ts
import { buildComponent } from "@airssys/guest";

await buildComponent({
  language: "assemblyscript",
  source: new URL("greeter.ts", import.meta.url),
  output: new URL("build/greeter.wasm", import.meta.url),
});
