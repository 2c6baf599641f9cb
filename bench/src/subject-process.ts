// Plays the subjects of workloads, as the process that started this one says.
import type { Call, Outcome } from "./own-process.ts";
import { openPlayer, type Player } from "./player.ts";
import { suites } from "./suites.ts";
import type { Reading } from "./workload.ts";

const players = new Map<string, Player>();

async function open({ suite, workload, subject, share }: Call): Promise<Player> {
  const found = (await suites.get(suite)?.())?.find(({ name }) => name === workload);
  if (found === undefined) throw new Error(`suite ${suite} has no workload ${workload}`);
  return openPlayer(found, subject, share);
}

async function perform(call: Call): Promise<Reading | null> {
  const { suite, workload, subject, does } = call;
  const key = `${suite} ${workload} ${subject}`;
  if (does === "open") {
    players.set(key, await open(call));
    return null;
  }
  const player = players.get(key);
  if (player === undefined) throw new Error(`${key} was not opened`);
  if (does === "round") return player.round();
  players.delete(key);
  await player.close();
  return null;
}

function say(outcome: Outcome): void {
  process.send?.(outcome);
}

process.on("message", (call: Call) => {
  perform(call).then(
    (reading) => say({ reading }),
    (error: unknown) => say({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on("disconnect", () => process.exit());
