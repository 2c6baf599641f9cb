import { describe, expect, it } from "vitest";
import { canonicalCapabilities, capabilitiesOf, CapabilitySet, parseManifest } from "../../src/index.ts";
import { FULLEST, SMALLEST } from "../sample-manifest.ts";

describe("the capabilities of a manifest", () => {
  it("are all that it asks for", () => {
    expect(canonicalCapabilities(capabilitiesOf(parseManifest(FULLEST).capabilities))).toEqual([
      "connect *.cdn.example.com:443",
      "connect 10.0.0.1:80",
      "connect [::1]:8080",
      "connect api.example.com:443",
      "custom labels/*",
      "custom ping",
      "environment LANG",
      "environment _x1",
      "file.delete /data/out/*",
      "file.list /",
      "file.read /[a-c]?/*.csv",
      "file.read /data/in/**",
      "file.write /data/out/*",
      "listen 80",
      "listen 8080",
      "messaging.publish orders.*",
      "messaging.receive-from */*",
      "messaging.send bank/vault",
      "messaging.send shop/*",
      "messaging.subscribe #",
      "messaging.subscribe orders.#",
      "spawn /usr/bin/convert",
      "storage by-day",
      "storage orders",
    ]);
    expect(capabilitiesOf(parseManifest(SMALLEST).capabilities)).toEqual([]);
  });

  it("can each be granted, and are then covered", () => {
    const asked = capabilitiesOf(parseManifest(FULLEST).capabilities);
    const set = new CapabilitySet();
    expect(asked.filter((capability) => set.covers(capability))).toEqual([]);
    for (const capability of asked) set.grant(capability);
    expect(asked.filter((capability) => !set.covers(capability))).toEqual([]);
  });
});
