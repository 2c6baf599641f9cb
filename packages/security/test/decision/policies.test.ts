import { describe, expect, it } from "vitest";
import {
  accessControlList,
  type AccessRequest,
  type AccessRule,
  CapabilitySet,
  decide,
  InvalidCapabilityError,
  InvalidPolicyError,
  type Policy,
  RoleCycleError,
  rolePolicy,
  UnknownRoleError,
} from "../../src/index.ts";
import { connect, file, messaging } from "../capability/requests.ts";

const grants = new CapabilitySet();
grants.grant(file("/**"));
grants.grant(file("/**", "write"));

function decided(policy: Policy, path: string, over: Partial<AccessRequest> = {}): string {
  const request = { component: "shop/a", capability: file(path), ...over };
  const { decision, reason } = decide(request, { mode: "strict", grants, policies: [policy] });
  return `${decision}: ${reason}`;
}

describe("an access control list", () => {
  const list = accessControlList("files", [
    { effect: "deny", component: "*/*", capabilities: [file("/data/secret/**")] },
    { effect: "allow", component: "shop/*", capabilities: [file("/data/**"), messaging("send", "*/*")] },
    { effect: "deny", component: "shop/a", capabilities: [file("/data/**")] },
    { effect: "allow", component: "bank/*", capabilities: [file("/vault/**")], when: { shift: "day", floor: "2" } },
    { effect: "allow", component: "bank/*", capabilities: [file("/vault/lobby")] },
  ]);

  it.each([
    ["/data/secret/a", "refused: files denies it: rule 0"],
    ["/data/a", "granted: files allows it: rule 1"],
    ["/else", "refused: no policy allows it"],
  ])("is decided by its first rule that is about %s: %s", (path, expected) => {
    expect(decided(list, path)).toBe(expected);
  });

  it("looks at the attributes of a request", () => {
    const component = "bank/clerk";
    const withAttributes = (attributes: Record<string, string>): string =>
      decided(list, "/vault/a", { component, attributes });
    expect(withAttributes({ shift: "day", floor: "2" })).toBe("granted: files allows it: rule 3");
    expect(withAttributes({ shift: "night", floor: "2" })).toBe("refused: no policy allows it");
    expect(decided(list, "/vault/lobby", { component, attributes: { shift: "night", floor: "2" } })).toBe(
      "granted: files allows it: rule 4",
    );
  });

  it("refuses a request without an attribute that it needs, whatever other rules say", () => {
    const refused = 'refused: it could not be judged: the request has no attribute "floor"';
    expect(decided(list, "/vault/lobby", { component: "bank/clerk", attributes: { shift: "night" } })).toBe(refused);
    const inherited = { toString: "x" } as Record<string, string>;
    const list2 = accessControlList("l", [
      { effect: "allow", component: "*/*", capabilities: [file("/**")], when: { constructor: "x" } },
    ]);
    expect(decided(list2, "/a", { attributes: inherited })).toMatch(/has no attribute "constructor"/);
  });

  it.each([
    [{ effect: "allow", component: "shop", capabilities: [] }, InvalidPolicyError],
    [{ effect: "maybe", component: "*/*", capabilities: [] }, InvalidPolicyError],
    [{ effect: "allow", component: "*/*", capabilities: [file("../a")] }, InvalidCapabilityError],
  ] as const)("takes no rule that is none: %o", (rule, error) => {
    expect(() => accessControlList("l", [rule as AccessRule])).toThrow(error);
  });
});

describe("a denial", () => {
  const open = new CapabilitySet();
  for (const granted of [
    messaging("subscribe", "#"),
    connect("db.example.com:80"),
    connect("10.0.0.5:80"),
    connect("10.0.0.6:80"),
    connect("api.example.com:443"),
  ]) {
    open.grant(granted);
  }
  const all = open.list();
  const denied = [messaging("subscribe", "orders.secret"), connect("10.0.0.5:80"), connect("api.example.com:443")];
  const list = accessControlList("list", [
    { effect: "deny", component: "*/*", capabilities: denied },
    { effect: "allow", component: "*/*", capabilities: all },
  ]);
  const roles = rolePolicy("roles", { r: { allows: all, denies: denied } }, [{ component: "*/*", roles: ["r"] }]);

  it.each([
    [messaging("subscribe", "orders.secret"), "refused"],
    [messaging("subscribe", "orders.*"), "refused"],
    [messaging("subscribe", "#"), "refused"],
    [messaging("subscribe", "orders.open"), "granted"],
    [connect("10.0.0.5:80"), "refused"],
    [connect("db.example.com:80"), "granted"],
    [connect("db.example.com:80", "10.0.0.5"), "refused"],
    [connect("db.example.com:80", "10.0.0.6"), "granted"],
    [connect("api.example.com:443", "10.0.0.6"), "refused"],
    [connect("api.example.com:443", "93.184.216.34"), "refused"],
  ] as const)(
    "is about all that it touches, and not only about what it has the whole of: %o is %s",
    (capability, expected) => {
      for (const policy of [list, roles]) {
        const rules = { mode: "strict", grants: open, policies: [policy] } as const;
        expect(decide({ component: "shop/a", capability }, rules).decision, policy.name).toBe(expected);
      }
    },
  );
});

describe("a role", () => {
  const roles = {
    reader: { allows: [file("/data/**")] },
    writer: { inherits: ["reader"], allows: [file("/data/**", "write")] },
    intern: { inherits: ["writer"], denies: [file("/data/pay/**"), file("/data/pay/**", "write")] },
    admin: { inherits: ["writer", "reader"], allows: [file("/**")] },
  };
  const policy = rolePolicy("roles", roles, [
    { component: "shop/*", roles: ["reader"] },
    { component: "shop/w", roles: ["writer"] },
    { component: "shop/i", roles: ["intern"] },
    { component: "ops/*", roles: ["admin"] },
    { component: "ops/i", roles: ["intern"] },
  ]);

  it.each([
    ["shop/a", "/data/x", "granted: roles allows it: role reader"],
    ["shop/a", "/other", "refused: no policy allows it"],
    ["shop/i", "/data/x", "granted: roles allows it: role reader"],
    ["shop/i", "/data/pay/x", "refused: roles denies it: role intern"],
    ["ops/a", "/other", "granted: roles allows it: role admin"],
    ["ops/i", "/data/pay/x", "refused: roles denies it: role intern"],
    ["bank/a", "/data/x", "refused: no policy allows it"],
    ["shop/a/b", "/data/x", "refused: no policy allows it"],
  ])("%s asks for %s: %s", (component, path, expected) => {
    expect(decided(policy, path, { component })).toBe(expected);
  });

  it("has what it inherits, and no more", () => {
    const capability = file("/data/x", "write");
    expect(decided(policy, "", { component: "shop/w", capability })).toBe("granted: roles allows it: role writer");
    expect(decided(policy, "", { component: "shop/a", capability })).toBe("refused: no policy allows it");
  });

  it("cannot inherit from itself, over however many others", () => {
    const circle = { a: { inherits: ["b"] }, b: { inherits: ["c"] }, c: { inherits: ["b"] } };
    expect(() => rolePolicy("p", circle, [])).toThrow(RoleCycleError);
    expect(() => rolePolicy("p", circle, [])).toThrow('a role inherits from itself: "b" → "c" → "b"');
    expect(() => rolePolicy("p", { a: { inherits: ["a"] } }, [])).toThrow(RoleCycleError);
    rolePolicy("p", { a: { inherits: ["b", "c"] }, b: { inherits: ["d"] }, c: { inherits: ["d"] }, d: {} }, []);
  });

  it("must exist where it is named", () => {
    expect(() => rolePolicy("p", { a: { inherits: ["b"] } }, [])).toThrow(UnknownRoleError);
    expect(() => rolePolicy("p", {}, [{ component: "*/*", roles: ["toString"] }])).toThrow(UnknownRoleError);
    expect(() => rolePolicy("p", { a: {} }, [{ component: "*", roles: ["a"] }])).toThrow(InvalidPolicyError);
  });
});
