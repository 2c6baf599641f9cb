/** How generated code spells a WIT label as a property: `blocking-read` is `blockingRead`. */
export function lowerCamelCase(label: string): string {
  return label
    .split("-")
    .map((word, index) => (index === 0 ? word.toLowerCase() : capitalized(word)))
    .join("");
}

/** How generated code spells a resource as a class: `output-stream` is `OutputStream`. */
export function upperCamelCase(label: string): string {
  return label.split("-").map(capitalized).join("");
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
}

/** What a function's WIT name says of it: `[method]thing.get` is a method of resource `thing`. */
export type FunctionName =
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "constructor"; readonly resource: string }
  | { readonly kind: "method" | "static"; readonly resource: string; readonly name: string };

export function parseFunctionName(name: string): FunctionName {
  const match = /^\[(constructor|method|static)\]([^.]+)(?:\.(.+))?$/.exec(name);
  const [, kind, resource, member] = match ?? [];
  if (resource === undefined) return { kind: "function", name };
  if (kind === "constructor") return { kind, resource };
  return { kind: kind === "method" ? "method" : "static", resource, name: member ?? "" };
}

/** The full name of a function: `ns:pkg/iface@1.0.0#fn`, or `fn` alone for one of the world itself. */
export function qualifiedName(interfaceName: string, functionName: string): string {
  return interfaceName === "" ? functionName : `${interfaceName}#${functionName}`;
}
