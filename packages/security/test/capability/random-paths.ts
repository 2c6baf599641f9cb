import type { SeededRandom } from "../seeded-random.ts";

/** A pattern of up to four segments over few letters, so that random patterns often have paths in common. */
export function randomPattern(random: SeededRandom): string {
  const segment = (): string =>
    random.pick(["a", "b", "ab", "*", "**", "a*", "*b", "?", "[ab]", "a?", "[a-c]b", "*a*"]);
  return `/${random.list(0, 4, segment).join("/")}`;
}

/** Every path of up to three segments over names that no two of these patterns fail to tell apart. */
export const ALL_PATHS: readonly string[] = (() => {
  const names = ["a", "b", "c", "ab", "cb", "aa", "zz", "zab", "z"];
  const deeper = (paths: readonly string[]): readonly string[] =>
    paths.flatMap((path) => names.map((name) => `${path}/${name}`));
  const [one, two, three] = [deeper([""]), deeper(deeper([""])), deeper(deeper(deeper([""])))];
  return ["/", ...one, ...two, ...three];
})();

/** The same language as a regular expression: what this package must agree with. */
export function asExpression(pattern: string): RegExp {
  const segments = pattern === "/" ? [] : pattern.slice(1).split("/");
  const source = segments.map((segment) => {
    if (segment === "**") return "(?:/[^/]+)*";
    const text = segment.replaceAll(/\*|\?|[^*?[\]a-z-]/g, (part) =>
      part === "*" ? "[^/]*" : part === "?" ? "[^/]" : `\\${part}`,
    );
    return `/(?=[^/])${text}`;
  });
  return new RegExp(`^(?:${source.join("")})$`);
}

export function isMatchedBy(pattern: string, path: string): boolean {
  return asExpression(pattern).test(path === "/" ? "" : path);
}
