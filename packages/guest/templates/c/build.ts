// node build.ts
import { buildComponent } from "@airssys/guest";

await buildComponent({
  language: "c",
  source: new URL("greeter.c", import.meta.url),
  output: new URL("build/greeter.wasm", import.meta.url),
});
