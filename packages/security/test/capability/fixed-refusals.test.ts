import { describe, expect, it } from "vitest";
import {
  CapabilitySet,
  type Capability,
  FIXED_REFUSALS,
  type FixedRefusal,
  UnknownRefusalError,
} from "../../src/index.ts";
import { connect, file } from "./requests.ts";

describe("what a pattern stands for", () => {
  it.each<readonly [Capability, FixedRefusal | undefined]>([
    [file("/etc/shadow"), "password-files"],
    [file("/proc/**"), "proc"],
    [file("/PROC/*/mem"), "proc"],
    [file("/home/*/.ssh/**"), "ssh-keys"],
    [file("/dev/**", "write"), "device-writes"],
    [file("/dev/**"), undefined],
    [file("/**"), undefined],
    [file("/etc/*"), undefined],
    [file("/procession/**"), undefined],
    [connect("169.254.169.254:80"), "link-local"],
    [connect("*.example.com:80"), undefined],
    [{ kind: "listen", port: 22 }, "ssh-port"],
    [{ kind: "environment", variable: "PROC" }, undefined],
  ])("of %o is refused as a whole by %s", (capability, rule) => {
    expect(new CapabilitySet().forbids(capability)).toBe(rule);
    expect(new CapabilitySet({ lifted: FIXED_REFUSALS }).forbids(capability)).toBeUndefined();
  });
});

const samples: Readonly<Record<FixedRefusal, readonly Capability[]>> = {
  "account-files": [
    file("/etc/passwd"),
    file("/etc/passwd", "write"),
    file("/ETC/Passwd"),
    file("/private/etc/passwd"),
  ],
  "password-files": [file("/etc/shadow"), file("/etc/shadow-"), file("/etc/gshadow", "list")],
  "sudo-rules": [file("/etc/sudoers"), file("/etc/sudoers.d"), file("/etc/sudoers.d/me", "write")],
  boot: [file("/boot"), file("/boot/grub/grub.cfg")],
  sys: [file("/sys/kernel", "list")],
  proc: [
    file("/proc"),
    file("/proc/self/environ"),
    file("/proc/1/root/etc/hosts"),
    { kind: "spawn", program: "/proc/self/exe" },
  ],
  "device-writes": [file("/dev/sda", "write"), file("/dev/null", "delete")],
  "ssh-keys": [
    file("/home/me/.ssh/id_ed25519"),
    file("/root/.ssh"),
    file("/home/me/.SSH/id"),
    file("/home/me/.\u017Fsh/id"),
    file("/etc/ssh/ssh_host_key"),
  ],
  "ssh-port": [{ kind: "listen", port: 22 }],
  "mysql-port": [{ kind: "listen", port: 3306 }],
  "postgres-port": [{ kind: "listen", port: 5432 }],
  "link-local": [
    connect("169.254.1.1:80"),
    connect("[fe80::1]:80"),
    connect("0xa9.0xfe.1.1:80"),
    connect("[::ffff:169.254.1.1]:80"),
  ],
  "cloud-metadata": [
    connect("metadata.google.internal:80"),
    connect("METADATA.google.internal:80"),
    connect("100.100.100.200:80"),
    connect("[fd00:ec2::254]:80"),
  ],
};

/** Everything that can be granted at all, in as far as it matters here. */
function generous(lifted: readonly FixedRefusal[]): CapabilitySet {
  const set = new CapabilitySet({ lifted });
  for (const action of ["read", "write", "delete", "list"] as const) set.grant(file("/**", action));
  for (const port of [22, 3306, 5432, 8080]) set.grant({ kind: "listen", port });
  for (const target of [
    "169.254.1.1:80",
    "169.254.169.254:80",
    "[fe80::1]:80",
    "metadata.google.internal:80",
    "100.100.100.200:80",
    "[fd00:ec2::254]:80",
    "api.example.com:80",
  ]) {
    set.grant(connect(target));
  }
  set.grant({ kind: "spawn", program: "/proc/self/exe" });
  return set;
}

describe("the always-refused list", () => {
  it("has a sample here for every name on it", () => {
    expect(Object.keys(samples).toSorted()).toEqual(FIXED_REFUSALS.toSorted());
  });

  it.each(FIXED_REFUSALS.map((name) => [name, samples[name]] as const))(
    "refuses %s whatever is granted, and not once it is lifted",
    (name, requests) => {
      for (const request of requests) {
        expect(generous([]).judge(request), JSON.stringify(request)).toMatchObject({
          type: "forbidden",
          refusal: name,
        });
        const others = FIXED_REFUSALS.filter((other) => other !== name);
        expect(generous(others).judge(request)).toMatchObject({ type: "forbidden", refusal: name });
        const { type } = generous([name]).judge(request);
        expect(["granted", "not-granted"]).toContain(type);
      }
    },
  );

  it.each([
    file("/etc/hosts"),
    file("/etc/passwd.d/x"),
    file("/dev/null"),
    file("/data/.sshx"),
    file("/database/proc"),
    { kind: "listen", port: 8080 },
    connect("api.example.com:80"),
  ] as const)("leaves all else to the grants: %o", (request) => {
    expect(generous([]).judge(request).type).toBe("granted");
  });

  it("still refuses the metadata service when only link-local addresses are lifted", () => {
    expect(generous(["link-local"]).judge(connect("169.254.169.254:80"))).toMatchObject({ refusal: "cloud-metadata" });
    expect(generous(["link-local", "cloud-metadata"]).matches(connect("169.254.169.254:80"))).toBe(true);
  });

  it("refuses a name that leads to such an address", () => {
    expect(generous([]).judge(connect("api.example.com:80", "169.254.169.254"))).toMatchObject({ type: "forbidden" });
    expect(generous([]).judge(connect("api.example.com:80", "64:ff9b::a9fe:a9fe"))).toMatchObject({
      type: "forbidden",
    });
  });

  it("is lifted by name only, and a derived set lifts nothing", () => {
    expect(() => new CapabilitySet({ lifted: ["everything" as FixedRefusal] })).toThrow(UnknownRefusalError);
    const derived = generous([]).derive();
    derived.grant(file("/**"));
    expect(derived.judge(file("/etc/shadow")).type).toBe("forbidden");
  });
});
