import { describe, expect, it } from "vitest";
import {
  generateSigningKey,
  InvalidSourceError,
  type Origin,
  signRelease,
  TrustPolicy,
  type TrustSource,
} from "../../src/index.ts";
import { RELEASE } from "./releases.ts";

const key = generateSigningKey();
const stranger = generateSigningKey();
const policy = new TrustPolicy({
  trusted: [
    { kind: "git", url: "https://github.com/acme/*" },
    { kind: "git", url: "ssh://git.example.com/team/**" },
    { kind: "key", publicKey: key.publicKey },
    { kind: "local", path: "/srv/components/**" },
  ],
  development: [{ kind: "local", path: "/home/*/drafts/**" }],
  isDevelopmentAllowed: true,
});
const signed: Origin = { publicKey: key.publicKey, signature: signRelease(RELEASE, key.privateKey) };
const signedByStranger: Origin = {
  publicKey: stranger.publicKey,
  signature: signRelease(RELEASE, stranger.privateKey),
};

describe("trust", () => {
  it.each<readonly [string, Origin, string]>([
    ["a trusted repository", { git: "https://github.com/acme/parser" }, "trusted"],
    ["the same with the ending that Git allows", { git: "https://github.com/acme/parser.git" }, "trusted"],
    ["a repository of somebody else", { git: "https://github.com/evil/parser" }, "unknown"],
    ["a repository further down", { git: "https://github.com/acme/parser/deeper" }, "unknown"],
    ["one further down where that is trusted", { git: "ssh://git@git.example.com/team/a/b.git" }, "trusted"],
    ["another protocol", { git: "ssh://git@github.com/acme/parser" }, "unknown"],
    ["a key that is trusted", signed, "trusted"],
    ["a key that is not", signedByStranger, "unknown"],
    ["a trusted folder", { path: "/srv/components/a.wasm" }, "trusted"],
    ["a folder beside it", { path: "/srv/components2/a.wasm" }, "unknown"],
    ["a folder of work in progress", { path: "/home/ada/drafts/a.wasm" }, "development"],
    ["nowhere", {}, "unknown"],
    [
      "a trusted repository, with a wrong signature",
      { git: "https://github.com/acme/parser", ...signed, signature: "A".repeat(86) },
      "unknown",
    ],
    [
      "a trusted repository, with half a signature",
      { git: "https://github.com/acme/parser", publicKey: key.publicKey },
      "unknown",
    ],
    [
      "a trusted repository, signed by a stranger",
      { git: "https://github.com/acme/parser", ...signedByStranger },
      "trusted",
    ],
  ])("in %s", (_, origin, level) => {
    expect(policy.judge(RELEASE, origin).level).toBe(level);
  });

  it("in what is being worked on is a warning, and is none where that is not allowed", () => {
    const origin = { path: "/home/ada/drafts/a.wasm" };
    expect(policy.judge(RELEASE, origin).reason).toBe(
      "WARNING: not approved, from development source /home/*/drafts/**",
    );
    const development = [{ kind: "local", path: "/home/*/drafts/**" }] as const;
    expect(new TrustPolicy({ development }).judge(RELEASE, origin).level).toBe("unknown");
  });

  it.each<TrustSource>([
    { kind: "git", url: "https://*/acme/x" },
    { kind: "git", url: "https://*.com/acme/x" },
    { kind: "git", url: "http://github.com/acme/x" },
    { kind: "git", url: "https://github.com" },
    { kind: "git", url: "https://github.com/**/x" },
    { kind: "git", url: "https://github.com/acme/x?y" },
    { kind: "key", publicKey: "ed25519:AAAA" },
    { kind: "local", path: "components/**" },
    { kind: "local", path: "/srv/../etc/**" },
  ])("is based on no source that is none: %o", (source) => {
    expect(() => new TrustPolicy({ trusted: [source] })).toThrow(InvalidSourceError);
  });
});
