import { afterAll, describe, expect, it } from "vitest";
import { Erlang, hasErlang } from "../differential/erlang.ts";
import { runHere } from "../differential/run-here.ts";
import { administration, autoShutdown, escalation, groups, leaving, type Rule } from "./otp-rules.ts";

const erlang = hasErlang ? new Erlang() : undefined;

afterAll(async () => {
  await erlang?.[Symbol.asyncDispose]();
});

function lastOf(trace: string): string | undefined {
  return trace.split(" / ").at(-1);
}

describe.each<readonly [string, readonly Rule[]]>([
  ["a child that leaves", leaving],
  ["a group that is restarted", groups],
  ["escalation", escalation],
  ["automatic shutdown", autoShutdown],
  ["the children of a supervisor", administration],
])("%s", (_what, rules) => {
  it.each(rules)("$rule", async ({ script, outcome }) => {
    expect(lastOf(await runHere(script))).toBe(outcome);
  });

  it.runIf(erlang !== undefined).each(rules)("on Erlang: $rule", async ({ script, outcome }) => {
    expect(lastOf((await erlang?.run(script)) ?? "")).toBe(outcome);
  });
});
