import { describe, expect, it } from "vitest";
import {
  type AccessRequest,
  type Capability,
  CapabilitySet,
  decide,
  InvalidCapabilityError,
  type Mode,
  type Policy,
  type Verdict,
} from "../../src/index.ts";
import { file, fromOutside } from "../capability/requests.ts";

const grants = new CapabilitySet();
grants.grant(file("/data/**"));
grants.grant(file("/**", "list"));

const allowing: Policy = { name: "allowing", judge: () => ({ effect: "allow", reason: "always" }) };
const denying: Policy = { name: "denying", judge: () => ({ effect: "deny", reason: "always" }) };
const abstaining: Policy = { name: "abstaining", judge: () => ({ effect: "abstain" }) };
const throwing: Policy = {
  name: "throwing",
  judge: () => {
    throw new InvalidCapabilityError({ kind: "listen", port: 0 });
  },
};
const throwingNothing: Policy = {
  name: "throwing nothing",
  judge: () => {
    // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- Policies come from outside.
    throw undefined;
  },
};
const silent: Policy = { name: "silent", judge: () => ({}) as Verdict };
const empty: Policy = { name: "empty", judge: () => fromOutside(undefined) };

function asking(capability: Capability): AccessRequest {
  return { component: "shop/a", capability };
}

const granted = asking(file("/data/a"));
const ungranted = asking(file("/other"));
const forbidden = asking(file("/proc/1", "list"));
const malformed = asking(file("/data/../other"));

/** Each row: policies, request, what strict mode and what the other two decide. */
const rows: readonly (readonly [string, readonly Policy[], AccessRequest, string, string])[] = [
  ["granted, no policy", [], granted, "granted", "granted"],
  ["not granted, no policy", [], ungranted, "refused", "granted!"],
  ["granted and allowed", [allowing], granted, "granted", "granted"],
  ["allowed but not granted", [allowing], ungranted, "refused", "granted!"],
  ["granted but denied", [denying], granted, "refused", "granted!"],
  ["allowed and then denied", [allowing, denying], granted, "refused", "granted!"],
  ["denied and then allowed", [denying, allowing], granted, "refused", "granted!"],
  ["granted but allowed by nobody", [abstaining], granted, "refused", "granted!"],
  ["allowed by one", [abstaining, allowing], granted, "granted", "granted"],
  ["always refused", [allowing], forbidden, "refused", "refused"],
  ["malformed", [allowing], malformed, "refused", "refused"],
  ["of an unknown kind", [allowing], asking(fromOutside({ kind: "fly" })), "refused", "refused"],
  ["no capability", [allowing], asking(fromOutside(null)), "refused", "refused"],
  ["no request", [allowing], fromOutside(undefined), "refused", "refused"],
  ["a policy throws", [allowing, throwing], granted, "refused", "refused"],
  ["a policy throws though another denied", [denying, throwing], granted, "refused", "refused"],
  ["a policy throws nothing", [throwingNothing], granted, "refused", "refused"],
  ["a policy has no effect", [allowing, silent], granted, "refused", "refused"],
  ["a policy gives nothing", [allowing, empty], granted, "refused", "refused"],
];

function reasonOf(mode: Mode, request: AccessRequest, policies: readonly Policy[]): string {
  return decide(request, { mode, grants, policies }).reason;
}

describe("a decision", () => {
  it.each(rows)("%s", (_, policies, request, strict, lenient) => {
    const inMode = (mode: Mode): string => {
      const { decision, wouldRefuse, reason } = decide(request, { mode, grants, policies });
      expect(reason).not.toBe("");
      expect(wouldRefuse).toBe(strict === "refused");
      return decision + (decision === "granted" && wouldRefuse ? "!" : "");
    };
    expect([inMode("strict"), inMode("permissive"), inMode("development")]).toEqual([strict, lenient, lenient]);
  });

  it("is a refusal in a mode that does not exist", () => {
    expect(decide(ungranted, { mode: "off" as Mode, grants, policies: [] }).decision).toBe("refused");
  });

  it("says who decided, and why", () => {
    expect(reasonOf("strict", granted, [])).toBe("a grant covers it");
    expect(reasonOf("strict", ungranted, [])).toBe("no grant covers it");
    expect(reasonOf("permissive", ungranted, [])).toBe("permissive mode, though no grant covers it");
    expect(reasonOf("strict", granted, [allowing, denying])).toBe("denying denies it: always");
    expect(reasonOf("strict", granted, [allowing])).toBe("allowing allows it: always");
    expect(reasonOf("strict", forbidden, [])).toBe("it is always refused (proc)");
    expect(reasonOf("strict", granted, [throwing])).toMatch(/^it could not be judged: /);
  });
});
