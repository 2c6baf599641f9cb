import { OwnProcess } from "./own-process.ts";
import type { Player } from "./player.ts";
import { isGauged, type Reading, subjectsHere, type Workload } from "./workload.ts";

export interface Effort {
  /** How often everything is measured in fresh processes. */
  readonly repetitions: number;
  /** Timed rounds in each process. */
  readonly rounds: number;
  /** Share of the operations in one run, above 0 to 1. */
  readonly share: number;
  /** Plays all subjects, instead of a process for each: quicker, and not comparable. */
  readonly process?: OwnProcess;
}

export interface SubjectReadings {
  readonly subject: string;
  /** One for each round. */
  readonly readings: readonly Reading[];
}

/**
 * Measures a workload in fresh processes, one for each subject, which take turns: so that nothing that other workloads and subjects
 * left behind (compiled code, what the compiler learned, garbage) reaches it.
 */
export async function measure(workload: Workload, effort: Effort): Promise<readonly SubjectReadings[]> {
  const all: SubjectReadings[] = [];
  for (let repetition = 0; repetition < effort.repetitions; repetition += 1) {
    const places = subjectsHere(workload).map((subject) => ({ subject, process: effort.process ?? new OwnProcess() }));
    try {
      const opened = places.map(({ subject, process }) => process.open(workload, subject, effort.share));
      const players = await Promise.all(opened);
      // What is gauged is gauged once in a process.
      all.push(...(await (isGauged(workload) ? inTurns(players, 0, 1) : inTurns(players, 1, effort.rounds))));
    } finally {
      if (effort.process === undefined) await Promise.all(places.map(({ process }) => process.end()));
    }
  }
  return all;
}

/**
 * Lets all players of a workload warm up, and then play in turn, round by round, so that a machine that slows down slows all of
 * them. Closes them in any case.
 */
export async function inTurns(
  players: readonly Player[],
  warmUps: number,
  rounds: number,
): Promise<readonly SubjectReadings[]> {
  const played = players.map((player) => ({ player, readings: [] as Reading[] }));
  try {
    for (let round = 0; round < warmUps; round += 1) for (const player of players) await player.round();
    for (let round = 0; round < rounds; round += 1) {
      for (const { player, readings } of played) readings.push(await player.round());
    }
  } finally {
    for (const player of players) await player.close();
  }
  return played.map(({ player: { subject }, readings }) => ({ subject, readings }));
}
