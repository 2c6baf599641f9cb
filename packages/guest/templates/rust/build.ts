// node build.ts
import { buildComponent } from "@airssys/guest";

await buildComponent({
  language: "rust",
  source: new URL("greeter.rs", import.meta.url),
  output: new URL("build/greeter.wasm", import.meta.url),
});
