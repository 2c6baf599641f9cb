import { describe, expect, it } from "vitest";
import { CapabilitySet, covers, InvalidCapabilityError } from "../../src/index.ts";
import { SeededRandom } from "../seeded-random.ts";
import { connect } from "./requests.ts";

function granting(...targets: readonly string[]): CapabilitySet {
  const set = new CapabilitySet();
  for (const target of targets) set.grant(connect(target));
  return set;
}

describe("a network target", () => {
  it.each([
    ["api.example.com:443", "api.example.com:443", true],
    ["api.example.com:443", "API.Example.COM:443", true],
    ["api.example.com:443", "api.example.com:80", false],
    ["api.example.com:443", "xapi.example.com:443", false],
    ["api.example.com:443", "api.example.com.evil.net:443", false],
    ["*.example.com:443", "a.example.com:443", true],
    ["*.example.com:443", "a.b.example.com:443", false],
    ["*.example.com:443", "example.com:443", false],
    ["*.example.com:443", "evilexample.com:443", false],
    ["*.example.com:443", ".example.com:443", false],
    ["localhost:8080", "localhost:8080", true],
    ["10.0.0.1:80", "10.0.0.1:80", true],
    ["10.0.0.1:80", "10.0.0.2:80", false],
    ["[2001:4860:4860::8888]:443", "[2001:4860:4860:0:0:0:0:8888]:443", true],
  ])("%s against %j: %s", (granted, requested, expected) => {
    expect(granting(granted).matches(connect(requested))).toBe(expected);
  });

  it.each([
    "2130706433:80",
    "0x7f000001:80",
    "0x7f.0.0.1:80",
    "0177.0.0.1:80",
    "017700000001:80",
    "127.1:80",
    "127.0.1:80",
    "[::ffff:127.0.0.1]:80",
    "[::ffff:7f00:1]:80",
    "[0:0:0:0:0:FFFF:127.0.0.1]:80",
  ])("is the same however its address is written: %s is 127.0.0.1:80", (requested) => {
    expect(granting("127.0.0.1:80").matches(connect(requested))).toBe(true);
    expect(granting("127.0.0.2:80").matches(connect(requested))).toBe(false);
  });

  it.each([
    "example.com",
    "example.com:",
    "example.com:0",
    "example.com:65536",
    "example.com:0443",
    "example.com:https",
    "*:443",
    "*.com:443",
    "a.*.example.com:443",
    "ex*.com:443",
    "https://example.com:443",
    "user@example.com:443",
    "Example.com:443",
    "example.com.:443",
    "exämple.com:443",
    "-a.com:443",
    "a-.com:443",
    "2130706433:80",
    "0x7f.1:80",
    "127.1:80",
    "256.0.0.1:80",
    "::1:80",
    "[::1:80",
    "[fe80::1%eth0]:80",
    "[::g]:80",
    "1.2.3.4.5:80",
    "a.0x1:80",
    `${"a".repeat(64)}.com:443`,
  ])("cannot be granted when it is none, or not in its plainest form: %j", (target) => {
    expect(() => granting(target)).toThrow(InvalidCapabilityError);
  });

  it("takes for a name exactly what may be granted as one", () => {
    const random = new SeededRandom(3);
    let names = 0;
    for (let round = 0; round < 5000; round += 1) {
      const host = random.list(1, 6, () => random.pick(["a", "b-c", ".", "-", "0", "7", "0x", "xn--a", "_"])).join("");
      const target = `${host}:443`;
      const pattern = connect(target);
      const set = new CapabilitySet();
      const isGrantable = covers(pattern, pattern);
      if (isGrantable) set.grant(pattern);
      const { type } = set.judge(pattern);
      // An address in another form than the plainest is understood, but granted in the plainest only.
      const isOddAddress = /^(?:0x[\da-f]*|\d+|\.)+$/.test(host);
      if (type !== (isGrantable ? "granted" : isOddAddress && type === "not-granted" ? type : "malformed")) {
        throw new Error(`${target} is ${type}`);
      }
      if (isGrantable) names += 1;
    }
    expect(names).toBeGreaterThan(300);
  });

  it.each([
    ["*.example.com:443", "a.example.com:443", true],
    ["*.example.com:443", "*.example.com:443", true],
    ["a.example.com:443", "*.example.com:443", false],
    ["*.example.com:443", "*.a.example.com:443", false],
    ["*.example.com:443", "a.example.com:80", false],
  ])("granted as %s covers %s: %s", (granted, requested, expected) => {
    expect(covers(connect(granted), connect(requested))).toBe(expected);
  });
});

describe("a name that was resolved", () => {
  it("is granted with any public address", () => {
    const set = granting("api.example.com:443");
    for (const address of ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]) {
      expect(set.matches(connect("api.example.com:443", address))).toBe(true);
    }
  });

  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::",
    "fd00::1",
    "::ffff:10.1.2.3",
    "64:ff9b::a01:203",
    "2002:a01:203::1",
    "224.0.0.1",
    "255.255.255.255",
  ])("is refused when it leads to %s, which nobody granted", (address) => {
    expect(granting("api.example.com:443").judge(connect("api.example.com:443", address)).type).toBe("not-granted");
  });

  it("may lead to an internal address that is granted with the same port", () => {
    const set = granting("db.example.com:8080", "10.0.0.5:8080");
    expect(set.matches(connect("db.example.com:8080", "10.0.0.5"))).toBe(true);
    expect(set.matches(connect("db.example.com:8080", "10.0.0.6"))).toBe(false);
    expect(granting("db.example.com:8080", "10.0.0.5:80").matches(connect("db.example.com:8080", "10.0.0.5"))).toBe(
      false,
    );
  });

  it("cannot be an address that resolved to another", () => {
    const set = granting("93.184.216.34:443");
    expect(set.matches(connect("93.184.216.34:443", "93.184.216.34"))).toBe(true);
    expect(set.judge(connect("93.184.216.34:443", "93.184.216.35")).type).toBe("malformed");
  });

  it.each(["", "nonsense", "1.2.3.4.5", "fe80::1%eth0"])("is refused when the address is unclear: %j", (address) => {
    expect(granting("api.example.com:443").judge(connect("api.example.com:443", address)).type).toBe("malformed");
  });
});
