import { describe, expect, it } from "vitest";
import { CapabilitySet } from "../../src/index.ts";
import { file } from "../capability/requests.ts";

const set = new CapabilitySet();
for (const action of ["read", "write", "delete", "list"] as const) set.grant(file("/data/in/**", action));
set.grant(file("/home/**"));
set.grant(file("/**", "list"));
set.grant({ kind: "spawn", program: "/usr/bin/convert" });

describe("a path traversal", () => {
  it.each([
    ["dot dot", "/data/in/../../etc/shadow"],
    ["dot dot at the end", "/data/in/.."],
    ["a single dot", "/data/in/./a"],
    ["an empty segment", "/data/in//a"],
    ["a trailing slash", "/data/in/a/"],
    ["a relative path", "data/in/a"],
    ["a relative path with a dot", "./data/in/a"],
    ["the home of somebody", "~root/.ssh/id_rsa"],
    ["percent-encoded dots", "/data/in/%2e%2e/secret"],
    ["percent-encoded dots in capitals", "/data/in/%2E%2E/secret"],
    ["half-encoded dots", "/data/in/.%2e/secret"],
    ["a percent-encoded slash", "/data/in/..%2fsecret"],
    ["doubly encoded dots", "/data/in/%252e%252e/secret"],
    ["triply encoded dots", "/data/in/%25252e%25252e/secret"],
    ["a doubly encoded slash", "/data/in/..%252fsecret"],
    ["an encoded backslash", "/data/in/..%5csecret"],
    ["an overlong slash in UTF-8", "/data/in/..%c0%afsecret"],
    ["an overlong dot in UTF-8", "/data/in/%c0%ae%c0%ae/secret"],
    ["an overlong slash of three bytes", "/data/in/..%e0%80%afsecret"],
    ["backslashes", "/data/in/..\\..\\secret"],
    ["a backslash alone", "\\data\\in\\a"],
    ["a drive of Windows", "C:/data/in/a"],
    ["a share of Windows", "//server/data/in/a"],
    ["NUL that cuts off the ending", "/data/in/../../etc/shadow\0.csv"],
    ["NUL within the grant", "/data/in/a\0b"],
    ["an encoded NUL", "/data/in/a%00.csv"],
    ["a line end", "/data/in/a\nb"],
    ["an escape sequence for the operator's terminal", "/data/in/\u001B[2Ja"],
    ["a URL", "file:///data/in/a"],
    ["nothing", ""],
    ["a path longer than any system takes", `/data/in/${"a".repeat(5000)}`],
    ["a path deeper than any folder", `/data/in${"/a".repeat(300)}`],
  ])("with %s is refused as no path at all", (_, path) => {
    for (const action of ["read", "write", "delete", "list"] as const) {
      expect(set.judge(file(path, action)).type).toBe("malformed");
    }
    expect(set.matches({ kind: "spawn", program: path })).toBe(false);
  });
});

describe("a trick with Unicode in a path", () => {
  it.each([
    ["a letter and an accent for one letter", "/data/in/e\u0301"],
    ["the ångström sign for a letter", "/data/in/\u212B"],
    ["a zero-width space", "/data/in/a\u200Bb"],
    ["a zero-width joiner within dots", "/data/in/.\u200D./secret"],
    ["a soft hyphen", "/data/in/pass\u00ADwd"],
    ["a right-to-left override", "/data/in/\u202Ecod.exe"],
    ["a byte order mark", "/data/in/\uFEFFa"],
    ["a variation selector", "/data/in/a\uFE0F"],
    ["half a surrogate pair", "/data/in/\uD800"],
    ["a line separator", "/data/in/a\u2028b"],
    ["a tag character", "/data/in/a\u{E0061}"],
  ])("with %s is refused as no path at all", (_, path) => {
    expect(set.judge(file(path)).type).toBe("malformed");
  });

  it.each([
    ["dots of full width", "/data/in/\uFF0E\uFF0E/secret"],
    ["a slash of full width", "/data/in/..\uFF0Fsecret"],
    ["a slash for fractions", "/data/in/..\u2044secret"],
    ["one dot leader twice", "/data/in/\u2024\u2024/secret"],
  ])("with %s is a name like any other, and leads nowhere else", (_, path) => {
    expect(set.judge(file(path)).type).toBe("granted");
    expect(set.matches(file(path.replace("/data/in", "/data/out")))).toBe(false);
  });
});

describe("a way to what nobody is granted", () => {
  it.each([
    ["in capitals", file("/PROC/1", "list")],
    ["in mixed case", file("/eTc/ShAdOw", "list")],
    ["with a long s", file("/home/ada/.\u017F\u017Fh/id", "read")],
    ["through the root of another process", file("/proc/1/root/data", "list")],
    ["through an open file", file("/proc/self/fd/3", "list")],
    ["where macOS keeps it", file("/private/etc/passwd", "list")],
    ["as a backup of it", file("/etc/shadow-", "list")],
    ["deep in a home", file("/home/ada/backup/.ssh/id_ed25519", "read")],
    ["in capitals in a home", file("/home/ada/.SSH/id_ed25519", "read")],
  ])("%s is refused", (_, request) => {
    expect(set.judge(request).type).toBe("forbidden");
  });
});

describe("a program other than the granted one", () => {
  it.each([
    ["by an ending", "/usr/bin/convert.sh"],
    ["by a folder", "/usr/bin/convert/x"],
    ["by arguments", "/usr/bin/convert -x"],
    ["by a shell", "/usr/bin/convert;sh"],
    ["by a line end", "/usr/bin/convert\n"],
    ["in capitals", "/usr/bin/Convert"],
    ["by name only", "convert"],
  ])("%s is refused", (_, program) => {
    expect(set.matches({ kind: "spawn", program })).toBe(false);
  });
});
