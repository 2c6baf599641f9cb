/**
 * What V8 runs and the engine refuses in a core module, by the feature that the refusal names, and the words for it in the README.
 * Everything else that is valid is taken: tests over damaged modules and over all operators hold the engine to this list.
 */
export const KNOWN_REFUSALS: readonly { readonly feature: RegExp; readonly inReadme: string }[] = [
  { feature: /^a shared or 64-bit (memory|table)$/, inReadme: "shared memories and 64-bit memories and tables" },
  { feature: /^garbage-collected structs or arrays/, inReadme: "structs and arrays of garbage-collected languages" },
  {
    feature: /^an exception that carries a reference or more than 8 values$/,
    inReadme: "exceptions that carry references",
  },
  { feature: /^the core name "/, inReadme: "a name in a component or one of its core modules" },
];
