import { setImmediate as nextRound } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { RemoteResource, RemoteResources } from "../../src/isolation/remote-resources.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const NAME = "a:b/c#thing";

/** Nothing of it is left when this returns. */
function forget(resources: RemoteResources): void {
  resources.adopt(NAME, 8);
}

describe("a resource of a guest on another thread", () => {
  it("is known by its name, to those it came from, until it is dropped", () => {
    const dropped: number[] = [];
    const resources = new RemoteResources((number) => void dropped.push(number));
    const resource = resources.adopt(NAME, 7);
    expect(RemoteResource.numberOf(resource, NAME, resources)).toBe(7);
    expect(RemoteResource.numberOf(resource, "a:b/c#other", resources)).toBeUndefined();
    expect(RemoteResource.numberOf(resource, NAME, new RemoteResources(() => undefined))).toBeUndefined();
    resource[Symbol.dispose]();
    resource[Symbol.dispose]();
    expect(RemoteResource.numberOf(resource, NAME, resources)).toBeUndefined();
    expect(dropped).toEqual([7]);
  });

  it("is dropped when the host has forgotten it", async () => {
    const dropped: number[] = [];
    const resources = new RemoteResources((number) => void dropped.push(number));
    forget(resources);
    for (let round = 0; round < 100 && dropped.length === 0; round += 1) {
      await nextRound();
      collectGarbage();
    }
    expect(dropped).toEqual([8]);
    expect(resources.has(8)).toBe(false);
  });

  it("is the host's again when what was given away was not taken", () => {
    const resources = new RemoteResources(() => undefined);
    const resource = resources.adopt(NAME, 9);
    resources.giveBack(9);
    expect(RemoteResource.numberOf(resource, NAME, resources)).toBeUndefined();
    resources.reclaim();
    expect(RemoteResource.numberOf(resource, NAME, resources)).toBe(9);
    resources.giveBack(9);
    resources.settle();
    resources.reclaim();
    expect(RemoteResource.numberOf(resource, NAME, resources)).toBeUndefined();
  });

  it("is gone with its guest", () => {
    const dropped: number[] = [];
    const resources = new RemoteResources((number) => void dropped.push(number));
    const resource = resources.adopt(NAME, 1);
    resources.clear();
    resource[Symbol.dispose]();
    expect(dropped).toEqual([]);
  });
});
