import { describe, expect, it } from "vitest";
import { HostFunctionError } from "../../src/index.ts";
import { thrownBy } from "../fixtures.ts";
import { guestInterface } from "./guest-interface.ts";

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index + 1);

describe.each([
  ["random/random", "getRandomBytes", "getRandomU64"],
  ["random/insecure", "getInsecureRandomBytes", "getInsecureRandomU64"],
])("%s", (name, bytes, u64) => {
  it("gives what the instance's source gives", () => {
    const random = guestInterface(name, { random: counting });
    expect(random(bytes, 3n)).toEqual(Uint8Array.of(1, 2, 3));
    expect(random(bytes, 0n)).toEqual(new Uint8Array());
    expect(random(u64)).toBe(0x0807_0605_0403_0201n);
  });

  it("is random by default", () => {
    const random = guestInterface(name);
    expect(random(bytes, 16n)).not.toEqual(random(bytes, 16n));
    expect(random(u64)).not.toBe(random(u64));
  });

  it("is not made up in any number the guest likes", () => {
    expect(thrownBy(() => guestInterface(name)(bytes, 2n ** 40n))).toBeInstanceOf(HostFunctionError);
  });
});

describe("the seed of a hash map", () => {
  it("is two numbers of the instance's source", () => {
    const call = guestInterface("random/insecure-seed", { random: counting });
    expect(call("insecureSeed")).toEqual([0x0807_0605_0403_0201n, 0x0807_0605_0403_0201n]);
  });
});
