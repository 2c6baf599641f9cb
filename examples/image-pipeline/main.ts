// Images through a pipeline that is declared in pipeline.toml: decode, then gray and small at once, then encode.
//   pnpm example image-pipeline
import { ActorSystem } from "@airssys/rt";
import { ComponentHost, decodePayload, rawPayload, startPipeline, type StageActor } from "@airssys/wasm";
import { buildGuests } from "./build.ts";
import { describeImage, images } from "./images.ts";

const manifests = await buildGuests(new URL("guests/", import.meta.url));
await using system = new ActorSystem("image-pipeline", { log: false }); // what goes wrong is printed here
const host = new ComponentHost(system);
const components = await Promise.all(manifests.map((manifest) => host.install(manifest)));

/** The stage at the end of the error route: a plain actor, which keeps what it gets and hands nothing on. */
const kept: string[] = [];
const quarantine: StageActor = () => ({
  receive: (image, { envelope }) => {
    kept.push(`${image.length - 1} bytes that ${envelope?.headers["failed-stage"] ?? ""} did not want`);
    return undefined;
  },
});

const made = new Map<number, string[]>();
const pipeline = await startPipeline(system, new URL("pipeline.toml", import.meta.url), {
  components,
  actors: { quarantine },
  onOutput: ({ input, payload }) => {
    const { body } = decodePayload(payload);
    made.set(input, [...(made.get(input) ?? []), `${describeImage(body)} (${body.length} bytes)`]);
  },
});

const pushed = [];
for (const [name, image] of images) pushed.push({ name, ...(await pipeline.push(rawPayload(image))) });
for (const { name, id, outcome } of pushed) {
  const { failures } = await outcome;
  const faults = failures.map(({ stage, error, attempts }) => `${stage} ${reasonOf(error)}; attempts: ${attempts}`);
  console.log(`${name.padEnd(8)} ${[...(made.get(id) ?? []).toSorted(), ...faults].join(", ")}`);
}

const { left, lost, inFlight, delivered, stages } = pipeline.status;
console.log(`\n${left} images have left, ${lost} are lost, ${inFlight} are under way; ${delivered} were made of them`);
for (const { name, handled, filtered, failed, retries, instances } of stages) {
  const restarts = instances.reduce((sum, instance) => sum + instance.restarts, 0);
  const counts = `${handled} handed on, ${filtered} kept, ${failed} given up, ${retries} retries, ${restarts} restarts`;
  console.log(`${name.padEnd(10)} ${counts}`);
}
console.log(`\nquarantine has\n  ${kept.join("\n  ")}`);
await pipeline.end();

/** A stage that crashed says what of in the cause; one that refused says it itself. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && "code" in cause
    ? `crashed with ${String(cause.code)}`
    : error.message.replace(/^handle-message of \S+ /, "");
}
