import { describe, expect, it } from "vitest";
import {
  type Capability,
  CapabilityExceededError,
  CapabilityLimitError,
  CapabilityRevokedError,
  CapabilitySet,
  covers,
  DerivationDepthError,
  InvalidCapabilityError,
  SecurityError,
} from "../../src/index.ts";
import { SeededRandom } from "../seeded-random.ts";
import { ALL_PATHS, isMatchedBy, randomPattern } from "./random-paths.ts";
import { connect, file, messaging } from "./requests.ts";

const ONE_OF_EACH: readonly (readonly [Capability, Capability, Capability])[] = [
  [file("/data/**"), file("/data/a"), file("/data/a", "write")],
  [connect("api.example.com:443"), connect("api.example.com:443"), connect("api.example.com:444")],
  [
    { kind: "listen", port: 8080 },
    { kind: "listen", port: 8080 },
    { kind: "listen", port: 8081 },
  ],
  [
    { kind: "storage", namespace: "orders" },
    { kind: "storage", namespace: "orders" },
    { kind: "storage", namespace: "order" },
  ],
  [messaging("send", "shop/*"), messaging("send", "shop/a"), messaging("send", "bank/a")],
  [messaging("receive-from", "*/*"), messaging("receive-from", "shop/a"), messaging("send", "shop/a")],
  [messaging("publish", "orders.*"), messaging("publish", "orders.new"), messaging("publish", "orders.*")],
  [messaging("subscribe", "orders.#"), messaging("subscribe", "orders.*.#"), messaging("subscribe", "#")],
  [messaging("subscribe", "orders.*.#"), messaging("subscribe", "orders.a.#"), messaging("subscribe", "orders.#")],
  [messaging("subscribe", "*.#"), messaging("subscribe", "#"), messaging("publish", "a")],
  [
    { kind: "spawn", program: "/usr/bin/convert" },
    { kind: "spawn", program: "/usr/bin/convert" },
    { kind: "spawn", program: "/usr/bin/convert2" },
  ],
  [
    { kind: "environment", variable: "LANG" },
    { kind: "environment", variable: "LANG" },
    { kind: "environment", variable: "lang" },
  ],
  [
    { kind: "custom", name: "labels/*" },
    { kind: "custom", name: "labels/print" },
    { kind: "custom", name: "labels" },
  ],
];

/** The error of this package that it is refused with; whatever else is thrown goes on. */
function attempt(action: () => void): SecurityError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof SecurityError) return error;
    throw error;
  }
}

describe("a capability set", () => {
  it.each(ONE_OF_EACH)("that was granted %o allows %o and not %o", (granted, allowed, refused) => {
    const set = new CapabilitySet();
    expect(set.matches(allowed)).toBe(false);
    set.grant(granted);
    expect(set.judge(allowed)).toEqual({ type: "granted", by: granted });
    expect(set.matches(refused)).toBe(false);
    expect(set.list()).toEqual([granted]);
  });

  it.each([
    { kind: "file", action: "execute", path: "/a" },
    { kind: "teleport", path: "/a" },
    { kind: "file", action: "read", path: 1 },
    { kind: "listen", port: "22" },
    { kind: "listen", port: 0 },
    { kind: "listen", port: 1.5 },
    { kind: "toString" },
    { kind: "environment", variable: "A=B" },
    { kind: "environment", variable: "" },
    { kind: "spawn", program: "/usr/bin/*" },
    { kind: "spawn", program: "convert" },
    { kind: "storage", namespace: "*" },
    { kind: "custom", name: "a b" },
    { kind: "connect", target: "a.com:443", address: "1.2.3.4" },
    {},
    null,
    undefined,
    "file",
  ])("takes no grant and no revocation that is none: %o", (given) => {
    const capability = given as Capability;
    const set = new CapabilitySet();
    expect(() => set.grant(capability)).toThrow(InvalidCapabilityError);
    expect(() => set.revoke(capability)).toThrow(InvalidCapabilityError);
    expect(set.covers(capability)).toBe(false);
    expect(set.matches(capability)).toBe(false);
  });

  it("forgets a grant when its time is over, and keeps the longer of two", () => {
    let now = 1000;
    const set = new CapabilitySet({ now: () => now });
    set.grant(file("/a/*"), { expiresAt: 2000 });
    set.grant(file("/a/*"), { expiresAt: 1500 });
    set.grant(file("/a/b"), { expiresAt: 3000 });
    now = 1999;
    expect([set.matches(file("/a/c")), set.covers(file("/a/*"))]).toEqual([true, true]);
    now = 2000;
    expect([set.matches(file("/a/c")), set.covers(file("/a/*")), set.matches(file("/a/b"))]).toEqual([
      false,
      false,
      true,
    ]);
    expect(set.list()).toEqual([file("/a/b")]);
    now = 3000;
    expect(set.matches(file("/a/b"))).toBe(false);
    expect(() => set.grant(file("/c"), { expiresAt: Number.NaN })).toThrow(InvalidCapabilityError);
  });

  it("never grants again what was revoked, in whole, in part or within something larger", () => {
    const set = new CapabilitySet();
    set.grant(file("/data/**"));
    set.grant(file("/data/in/a"));
    set.grant(file("/logs/**"));
    set.revoke(file("/data/in/**"));
    expect(set.judge(file("/data/in/a")).type).toBe("revoked");
    expect(set.matches(file("/data/out/a"))).toBe(true);
    expect(set.covers(file("/data/**"))).toBe(false);
    expect(set.covers(file("/data/out/**"))).toBe(true);
    expect(() => set.grant(file("/data/in/b"))).toThrow(CapabilityRevokedError);
    set.grant(file("/**"));
    expect(set.judge(file("/data/in/b")).type).toBe("revoked");
    expect(set.list()).toEqual([file("/data/**"), file("/logs/**"), file("/**")]);
  });

  it("tells what was revoked in it, and not what was revoked above", () => {
    const parent = new CapabilitySet();
    const capability = { kind: "environment", variable: "LANG" } as const;
    const other = { kind: "environment", variable: "HOME" } as const;
    for (const each of [capability, other]) parent.grant(each);
    const child = parent.derive();
    parent.revoke(capability);
    child.revoke(other);
    expect([parent.revoked(), child.revoked()]).toEqual([[capability], [other]]);
  });

  it("refuses a subscription to more than it may, of which part was revoked", () => {
    const set = new CapabilitySet();
    set.grant(messaging("subscribe", "#"));
    set.revoke(messaging("subscribe", "orders.secret"));
    for (const pattern of ["#", "orders.#", "orders.*", "*.secret", "*.*", "*.#", "orders.secret", "orders.secret.#"]) {
      expect(set.judge(messaging("subscribe", pattern)).type, pattern).toBe("revoked");
    }
    for (const pattern of ["orders", "orders.open", "orders.*.x", "bank.#", "*"]) {
      expect(set.judge(messaging("subscribe", pattern)).type, pattern).toBe("granted");
    }
  });

  it("refuses a name that leads to an address that was revoked", () => {
    const set = new CapabilitySet();
    set.grant(connect("api.example.com:443"));
    set.revoke(connect("93.184.216.34:443"));
    expect(set.judge(connect("api.example.com:443", "93.184.216.34")).type).toBe("revoked");
    expect(set.judge(connect("api.example.com:443", "93.184.216.35")).type).toBe("granted");
  });

  it("is bounded", () => {
    const set = new CapabilitySet({ maxGrants: 2 });
    set.grant(file("/a"));
    set.grant(file("/a"));
    set.revoke(file("/b"));
    expect(() => set.grant(file("/c"))).toThrow(CapabilityLimitError);
    const crowded = new CapabilitySet();
    for (let index = 0; index < 100; index += 1) crowded.grant(file(`/a/*${index}`));
    expect(() => crowded.grant(file("/a/*100"))).toThrow(CapabilityLimitError);
    crowded.grant(file("/b/*100"));
    crowded.grant(file("/a/*7"));
  });
});

describe("a derived capability set", () => {
  it("has nothing that was not granted to it, and nothing that its parent has not", () => {
    const parent = new CapabilitySet();
    parent.grant(file("/data/**"));
    const child = parent.derive();
    expect(child.matches(file("/data/a"))).toBe(false);
    child.grant(file("/data/in/*"));
    expect(child.matches(file("/data/in/a"))).toBe(true);
    expect(child.matches(file("/data/a"))).toBe(false);
    expect(() => child.grant(file("/**"))).toThrow(CapabilityExceededError);
    expect(() => child.grant(file("/data/in/*", "write"))).toThrow(CapabilityExceededError);
  });

  it("may be narrowed instead to what both allow", () => {
    const parent = new CapabilitySet();
    parent.grant(file("/data/**"));
    const child = parent.derive("intersect");
    child.grant(file("/**/a"));
    expect(child.matches(file("/data/x/a"))).toBe(true);
    expect(child.matches(file("/other/a"))).toBe(false);
    expect(child.covers(file("/other/a"))).toBe(false);
  });

  it("loses what is revoked or expires anywhere above it", () => {
    let now = 0;
    const root = new CapabilitySet({ now: () => now });
    root.grant(file("/data/**"), { expiresAt: 100 });
    const child = root.derive();
    child.grant(file("/data/**"));
    const grandchild = child.derive();
    grandchild.grant(file("/data/in/**"));
    expect(grandchild.matches(file("/data/in/a"))).toBe(true);
    root.revoke(file("/data/in/secret"));
    expect(grandchild.judge(file("/data/in/secret")).type).toBe("revoked");
    expect(grandchild.covers(file("/data/in/**"))).toBe(false);
    now = 100;
    expect([child, grandchild].map((set) => set.matches(file("/data/in/a")))).toEqual([false, false]);
    expect(() => child.grant(file("/data/x"))).toThrow(CapabilityExceededError);
  });

  it("never allows what its parent does not, whatever is granted and revoked", () => {
    const random = new SeededRandom(9);
    let allowed = 0;
    for (let round = 0; round < 150; round += 1) {
      const root = new CapabilitySet();
      const sets = [root];
      for (let step = 0; step < 25; step += 1) {
        const set = random.pick([root, ...sets]);
        if (sets.length < 6 && random.isLucky(0.2)) sets.push(set.derive(random.pick(["refuse", "intersect"])));
        const pattern = file(randomPattern(random));
        attempt(() => (random.isLucky(0.1) ? set.revoke(pattern) : set.grant(pattern)));
      }
      const child = root.derive("intersect");
      for (let step = 0; step < 5; step += 1) {
        attempt(() => child.grant(file(randomPattern(random))));
      }
      for (const path of ALL_PATHS) {
        if (!child.matches(file(path))) continue;
        allowed += 1;
        if (!root.matches(file(path))) throw new Error(`only the derived set allows ${path}`);
      }
      for (const set of sets) {
        for (let probe = 0; probe < 50; probe += 1) {
          const path = random.pick(["/", ...ALL_PATHS]);
          if (set.matches(file(path)) && !root.matches(file(path)))
            throw new Error(`only a derived set allows ${path}`);
        }
      }
    }
    expect(allowed).toBeGreaterThan(1000);
  });

  it("that refuses excess has only grants that its parent covers", () => {
    const random = new SeededRandom(10);
    let taken = 0;
    for (let round = 0; round < 600; round += 1) {
      const above = randomPattern(random);
      const parent = new CapabilitySet();
      parent.grant(file(above));
      const child = parent.derive();
      const below = randomPattern(random);
      const refusal = attempt(() => child.grant(file(below)));
      if ((refusal === undefined) !== covers(file(above), file(below))) throw new Error(`${above} then ${below}`);
      if (refusal) continue;
      taken += 1;
      for (const path of ALL_PATHS) {
        if (isMatchedBy(below, path) !== child.matches(file(path)))
          throw new Error(`${above} then ${below} against ${path}`);
      }
    }
    expect(taken).toBeGreaterThan(30);
  });

  it("can be derived from in turn, but not without end", () => {
    let set = new CapabilitySet();
    for (let depth = 0; depth < 16; depth += 1) set = set.derive();
    expect(() => set.derive()).toThrow(DerivationDepthError);
  });
});

describe("20,000 random requests and grants", () => {
  it("are answered, or refused with an error of this package", () => {
    const random = new SeededRandom(12);
    const shards = [
      "/",
      "*",
      "**",
      "a",
      ".",
      "..",
      "[",
      "]",
      "-",
      "\\",
      "\0",
      "\u202E",
      "e\u0301",
      "%2e",
      ":",
      "443",
      "::",
      "1",
      "0x7f",
      "#",
      "example.com",
      "\uD800",
    ] as const;
    const text = (): string => random.list(0, 8, () => random.pick(shards)).join("");
    const set = new CapabilitySet();
    set.grant(file("/a"));
    for (let round = 0; round < 20_000; round += 1) {
      const capability = random.pick<() => unknown>([
        () => file(`/${text()}`),
        () => connect(text(), random.isLucky(0.5) ? text() : undefined),
        () => connect(`${text()}:443`),
        () => messaging(random.pick(["send", "publish", "subscribe", "receive-from"]), text()),
        () => ({ kind: text(), path: text() }),
        () => ({ kind: "file", action: text(), path: random.pick<unknown>([text(), 1, null, {}]) }),
        () => ({ kind: "custom", name: text() }),
      ])() as Capability;
      attempt(() => {
        if (random.isLucky(0.1)) set.grant(capability);
        else set.judge(capability);
      });
    }
    expect(set.matches(file("/a"))).toBe(true);
  });
});
