import { describe, expect, it } from "vitest";
import { CapabilitySet } from "../../src/index.ts";
import { connect } from "../capability/requests.ts";

const set = new CapabilitySet();
for (const target of ["*.example.com:443", "api.example.com:443", "93.184.216.34:443"]) set.grant(connect(target));

/** A set that was granted the metadata service by somebody who did not know better. */
const careless = new CapabilitySet();
for (const target of ["169.254.169.254:80", "metadata.google.internal:80", "[fd00:ec2::254]:80"])
  careless.grant(connect(target));

describe("a host that only looks granted", () => {
  it.each([
    ["a longer name", "evilexample.com:443"],
    ["the domain itself", "example.com:443"],
    ["one label too many", "a.b.example.com:443"],
    ["the granted name in front", "api.example.com.evil.net:443"],
    ["a user name", "api.example.com@evil.net:443"],
    ["a path", "evil.net/api.example.com:443"],
    ["a fragment", "evil.net#.example.com:443"],
    ["a backslash", "evil.net\\.example.com:443"],
    ["two ports", "api.example.com:443:80"],
    ["another port", "api.example.com:4430"],
    ["a port with a sign", "api.example.com:+443"],
    ["a port with a zero", "api.example.com:0443"],
    ["a port in full width", "api.example.com:\uFF14\uFF14\uFF13"],
    ["a port beyond the last", "api.example.com:65979"],
    ["a final dot", "api.example.com.:443"],
    ["a Cyrillic a", "\u0430pi.example.com:443"],
    ["letters of full width", "\uFF41pi.example.com:443"],
    ["an ideographic full stop", "api\u3002example.com:443"],
    ["a soft hyphen", "api\u00AD.example.com:443"],
    ["a space", "api .example.com:443"],
    ["a line end", "api.example.com\n:443"],
    ["NUL", "evil.net\0.example.com:443"],
    ["an encoded dot", "evil.net%2eexample.com:443"],
    ["a pattern", "*.example.com:443"],
    ["an empty label", "api..example.com:443"],
    ["the Kelvin sign", "\u212A.example.com:443"],
  ])("by %s is refused", (_, target) => {
    expect(set.matches(connect(target))).toBe(false);
  });
});

describe("the loopback address", () => {
  const trusting = new CapabilitySet();
  trusting.grant(connect("app.example.com:80"));

  it.each([
    ["in decimals", "127.0.0.1"],
    ["as one number", "2130706433"],
    ["as one hexadecimal number", "0x7f000001"],
    ["as one octal number", "017700000001"],
    ["in octals", "0177.0.0.01"],
    ["in hexadecimals", "0x7f.0x0.0x0.0x1"],
    ["mixed", "0x7f.0.1"],
    ["shortened", "127.1"],
    ["as another of its kind", "127.8.9.10"],
    ["as no address", "0.0.0.0"],
    ["as zero", "0"],
    ["in IPv6", "::1"],
    ["in IPv6 in full", "0:0:0:0:0:0:0:1"],
    ["mapped into IPv6", "::ffff:127.0.0.1"],
    ["mapped into IPv6 in hexadecimals", "::ffff:7f00:1"],
    ["embedded in IPv6", "::127.0.0.1"],
    ["behind NAT64", "64:ff9b::7f00:1"],
    ["behind 6to4", "2002:7f00:1::"],
  ])("%s is refused when nobody granted it, as a host and behind a name", (_, address) => {
    const host = address.includes(":") ? `[${address}]` : address;
    expect(trusting.matches(connect(`${host}:80`))).toBe(false);
    expect(trusting.matches(connect("app.example.com:80", address))).toBe(false);
  });
});

describe("the metadata service of a cloud", () => {
  it.each([
    ["by its address", "169.254.169.254:80"],
    ["as one number", "2852039166:80"],
    ["as one hexadecimal number", "0xa9fea9fe:80"],
    ["in octals", "0251.0376.0251.0376:80"],
    ["shortened", "169.254.43518:80"],
    ["mapped into IPv6", "[::ffff:169.254.169.254]:80"],
    ["behind NAT64", "[64:ff9b::a9fe:a9fe]:80"],
    ["behind 6to4", "[2002:a9fe:a9fe::]:80"],
    ["in IPv6", "[fd00:ec2::254]:80"],
    ["by its name", "metadata.google.internal:80"],
    ["by its name in capitals", "METADATA.GOOGLE.INTERNAL:80"],
  ])("%s is refused even when it was granted", (_, target) => {
    expect(careless.judge(connect(target)).type).toBe("forbidden");
  });

  it("behind a granted name is refused", () => {
    for (const address of ["169.254.169.254", "::ffff:a9fe:a9fe", "fd00:ec2::254", "2852039166"]) {
      expect(set.judge(connect("api.example.com:443", address)).type).toBe("forbidden");
    }
  });
});
