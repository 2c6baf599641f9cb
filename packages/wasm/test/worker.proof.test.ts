// What holds of a component wherever it runs, proved of components on threads of their own. The files that say it run them on this one.
import { onWorkers } from "./ways.ts";

onWorkers();

await import("./component-actor.test.ts");
await import("./lifecycle.test.ts");
await import("./restart.test.ts");
await import("./snapshot.test.ts");
await import("./update.test.ts");
await import("./way-to-run.test.ts");
await import("./interfaces/clock.test.ts");
await import("./interfaces/storage.test.ts");
await import("./system/files.test.ts");
await import("./system/network.test.ts");
await import("./system/programs.test.ts");
await import("./wasi/files.test.ts");
await import("./wasi/network.test.ts");
