import { performance } from "node:perf_hooks";
import { Erlang, isErlangHere } from "../erlang.ts";
import { openTroupe, type TroupeName, withYieldingEffect } from "../played.ts";
import { delayValue } from "../quantile.ts";
import type { GaugedSubject, GaugedWorkload, Value } from "../workload.ts";
import { EchoClient, openEcho } from "./echo.ts";
import { LoopDelays } from "./loop-delays.ts";
import { Pairs } from "./pairs.ts";

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

/** Watches the event loop while something is done that takes some time. */
async function watched(durationMs: number, work: () => Promise<void>): Promise<readonly [Value, Value]> {
  const echo = await openEcho();
  const client = await EchoClient.connect(echo.port);
  const loop = new LoopDelays();
  client.start();
  loop.start();
  await work();
  const loopDelays = loop.stop();
  const echoDelays = await client.stop();
  await echo.close();
  return [delayValue(loopDelays, 0.99, durationMs), delayValue(echoDelays, 0.99, durationMs)];
}

function saturating(name: TroupeName): GaugedSubject {
  return {
    name,
    gauge: async (durationMs) => {
      const troupe = openTroupe(name);
      const pairs = new Pairs(troupe);
      let perMessage = 0;
      const [loopDelay, echoDelay] = await watched(durationMs, async () => {
        const startedAt = performance.now();
        pairs.start(durationMs);
        while (!pairs.isOver) await sleep(1);
        perMessage = ((performance.now() - startedAt) / pairs.handled) * 1e6;
      });
      await troupe.close();
      return [loopDelay, echoDelay, { value: perMessage }];
    },
  };
}

/** A process that does nothing else. */
const idle: GaugedSubject = {
  name: "limit",
  gauge: async (durationMs) => [...(await watched(durationMs, () => sleep(durationMs))), null],
};

/** The echo is a process of Erlang's own. It has no event loop. */
const erlang: GaugedSubject = {
  name: "erlang",
  isHere: isErlangHere,
  gauge: async (durationMs) => {
    const process = Erlang.running();
    process.say(`questions saturated ${durationMs}`);
    const client = await EchoClient.connect(await process.hearNumber());
    client.start();
    process.say("go");
    const perMessage = await process.hearNumber();
    const echoDelays = await client.stop();
    process.say("over");
    await process.expect("tidy");
    return [null, delayValue(echoDelays, 0.99, durationMs), { value: perMessage }];
  },
};

/**
 * Fifty pairs of actors send to each other without rest, meanwhile a callback is due again and again, and another process has a
 * socket of this one echo. The last figure is the time for each message of the pairs.
 */
export const saturated: GaugedWorkload = {
  suite: "rt",
  name: "saturated",
  figures: [
    { name: "loop-delay-p99", unit: "us" },
    { name: "socket-echo-p99", unit: "us" },
    { name: "saturated", unit: "ns" },
  ],
  size: 2000,
  smallest: 100,
  subjects: [...withYieldingEffect.map(saturating), idle, erlang],
};
