import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  CapabilitySet,
  type FixedRefusal,
  InvalidCeilingError,
  ManifestError,
  parseManifest,
  SecurityError,
  type SecurityErrorCode,
} from "../src/index.ts";
import { SMALLEST } from "./sample-manifest.ts";

/** Runs what must throw and gives what it threw. */
function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const thrown: Readonly<Record<SecurityErrorCode, () => unknown>> = {
  SECURITY_MANIFEST_INVALID: () => thrownBy(() => parseManifest("")),
  SECURITY_CEILING_INVALID: () => thrownBy(() => parseManifest(SMALLEST, { ceilings: { fuel: 1 } })),
  SECURITY_CAPABILITY_INVALID: () => thrownBy(() => new CapabilitySet().grant({ kind: "listen", port: 0 })),
  SECURITY_CAPABILITY_REVOKED: () =>
    thrownBy(() => {
      const set = new CapabilitySet();
      set.revoke({ kind: "listen", port: 80 });
      set.grant({ kind: "listen", port: 80 });
    }),
  SECURITY_CAPABILITY_EXCEEDED: () => thrownBy(() => new CapabilitySet().derive().grant({ kind: "listen", port: 80 })),
  SECURITY_CAPABILITY_LIMIT: () =>
    thrownBy(() => new CapabilitySet({ maxGrants: 0 }).grant({ kind: "listen", port: 80 })),
  SECURITY_DERIVATION_TOO_DEEP: () =>
    thrownBy(() => {
      for (let set = new CapabilitySet(); ;) set = set.derive();
    }),
  SECURITY_REFUSAL_UNKNOWN: () => thrownBy(() => new CapabilitySet({ lifted: ["all" as FixedRefusal] })),
};

describe("an error of this package", () => {
  it("has a code of its own, and its class as name", () => {
    const errors = Object.values(thrown).map((provoke) => provoke());
    for (const error of errors) expect(error).toBeInstanceOf(SecurityError);
    const seen = errors.filter((error) => error instanceof SecurityError);
    expect(seen.map(({ code }) => code)).toEqual(Object.keys(thrown));
    expect(seen.map(({ name }) => name)).toEqual(seen.map((error) => error.constructor.name));
  });

  it("is in the README's table, and the table has no other", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const documented = Array.from(readme.matchAll(/^\| `(SECURITY_[A-Z_]+)` +\| `(\w+)`/gm), ([, code, name]) => [
      code,
      name,
    ]);
    const real = Object.values(thrown)
      .map((provoke) => provoke())
      .filter((error) => error instanceof SecurityError)
      .map(({ code, name }) => [code, name]);
    expect(documented).toEqual(real);
  });
});

describe("a ceiling", () => {
  it.each([
    [{ memoryBytes: 524_287 }, "ceiling memoryBytes: expected an integer from 524288 to 4294967296, found 524287"],
    [
      { memoryBytes: 4_294_967_297 },
      "ceiling memoryBytes: expected an integer from 524288 to 4294967296, found 4294967297",
    ],
    [{ fuel: Number.NaN }, "ceiling fuel: expected an integer from 1000 to 9007199254740991, found NaN"],
    [{ timeoutMs: 1.5 }, "ceiling timeoutMs: expected an integer from 1 to 2147483647, found 1.5"],
    [{ timeoutMs: Infinity }, "ceiling timeoutMs: expected an integer from 1 to 2147483647, found Infinity"],
  ])("is refused when no manifest could obey it: %o", (ceilings, message) => {
    const error = thrownBy(() => parseManifest(SMALLEST, { ceilings }));
    expect(error).toBeInstanceOf(InvalidCeilingError);
    expect(error).toMatchObject({ message, ceiling: Object.keys(ceilings)[0], value: Object.values(ceilings)[0] });
  });
});

describe("a manifest's error", () => {
  it("says in its message what every problem says", () => {
    const error = thrownBy(() => parseManifest(SMALLEST.replace("1048576", '"4MB"'), { file: "echo/Component.toml" }));
    expect(error).toBeInstanceOf(ManifestError);
    expect(error).toMatchObject({
      message:
        'echo/Component.toml:7:13: resources.memory.max_bytes: expected an integer from 524288 to 4194304, found a string "4MB"',
    });
  });
});
