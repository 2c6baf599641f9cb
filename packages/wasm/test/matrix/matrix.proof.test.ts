// Every function of the core interfaces, called from a component in each language, in each case that wit/ has of it.
import { describe, expect, it } from "vitest";
import { exportRows } from "./export-rows.ts";
import { hostRows } from "./host-rows.ts";
import { languages, Scene } from "./scene.ts";
import { casesOf, functionsWritten, witFunctions } from "./wit-functions.ts";

const rows = [...hostRows, ...exportRows];

describe.each(languages)("a component in %s", (language) => {
  it.each(rows.map((row) => [row.function, row.shows.join(", "), row] as const))("%s: %s", async (_, _shows, row) => {
    const scene = await Scene.open(language);
    await expect(row.prove(scene)).resolves.toBeUndefined();
  });
});

function shownOf(name: string): readonly string[] {
  return rows.filter((row) => row.function === name).flatMap(({ shows }) => shows);
}

describe("the matrix", () => {
  it("has read every function in wit/", () => {
    expect(witFunctions).toHaveLength(functionsWritten);
    expect(witFunctions.map(({ name }) => name)).toContain("component-state.restore");
  });

  it.each(witFunctions.map(({ name, cases }) => [name, cases] as const))("has every case of %s", (name, cases) => {
    const shown = new Set(shownOf(name).map((one) => one.replace(/:.*/, "")));
    expect([...shown].toSorted()).toEqual([...cases].toSorted());
  });

  it.each(["messaging-error", "storage-error", "component-error", "execution-error"])("has every %s", (variant) => {
    const functions = witFunctions.filter(({ error }) => error === variant).map(({ name }) => name);
    if (variant === "messaging-error") functions.push("component-lifecycle.handle-callback");
    const shown = functions.flatMap(shownOf).flatMap((one) => /: (.*)$/.exec(one)?.[1] ?? []);
    const cases = casesOf(variant);
    expect(cases.length).toBeGreaterThan(2);
    expect([...new Set(shown)].filter((one) => cases.includes(one)).toSorted()).toEqual([...cases].toSorted());
  });
});
