/** `import … from "./x"`, `export … from "./x"` and `import "./x"`, at the start of a line or after a `;`. */
const declaration = /(?:^|;)\s*(?:import|export)\b(?:[^"';]*?\bfrom)?\s*(["'])(?<path>\.{1,2}\/[^"'\n]+)\1/gm;

/**
 * The relative paths a JavaScript module imports, in order.
 * May also name a path that only looks like an import, inside a comment or a template; such a file need not exist.
 */
export function localImports(module: string): readonly string[] {
  return [...module.matchAll(declaration)].flatMap(({ groups }) => groups?.["path"] ?? []);
}
