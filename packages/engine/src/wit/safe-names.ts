import { UnsupportedComponentError } from "../errors.ts";

/*
 * Names end up in generated code, some of them between quotes without being escaped. What may be in a name is therefore a list of
 * what is allowed. None of it can call anything, assign anything, or end a string, a template or a comment, quoted or not.
 */

/** WIT names with versions, such as `ns:pkg/iface@1.0.0` and `[method]thing.get`. Names that are URLs or hashes may hold anything. */
const EXTERN_NAME = /^[A-Za-z0-9:/@.[\]+_-]*$/;

/** The names within types: fields, cases, labels, parameters. */
const LABEL = /^[A-Za-z0-9-]+$/;

/** What toolchains call the imports and exports of core modules: `cm32p2|ns:pkg/iface|fn`, `_ZN4core3fmt$LT`, `~lib/array/Array<i32>#get`. */
const CORE_NAME = /^[A-Za-z0-9_$:/@.[\]+|#~<>,-]*$/;

/** What jco calls helpers for modules that it makes or changes itself: `utf8-to-utf8 (mem1 => mem0)`, `mem1 MemorySize`. */
const HELPER_NAME = /^[a-z0-9-]+ (?:[A-Za-z0-9]+|\([a-z0-9]+ => [a-z0-9]+\))$/;

/**
 * What a name is the name of. `extern` is an import or export of a component, or of an instance in it; `core` one of a core module,
 * and `written` one of a core module that jco wrote.
 */
export type NameKind = "extern" | "label" | "core" | "written";

const RULES: Readonly<Record<NameKind, { readonly allowed: RegExp; readonly what: string }>> = {
  extern: { allowed: EXTERN_NAME, what: "the import or export name" },
  label: { allowed: LABEL, what: "the label" },
  core: { allowed: CORE_NAME, what: "the core name" },
  written: { allowed: new RegExp(`${CORE_NAME.source}|${HELPER_NAME.source}`), what: "the core name" },
};

/** The name, if it may stand in generated code. Throws UnsupportedComponentError with the name escaped. */
export function safeName(kind: NameKind, name: string): string {
  const { allowed, what } = RULES[kind];
  if (!allowed.test(name)) throw new UnsupportedComponentError(`${what} ${escaped(name)}`);
  return name;
}

const SHOWN = 80;

/** In ASCII, between double quotes, and short enough for a message. */
function escaped(name: string): string {
  const shown = name.length > SHOWN ? `${name.slice(0, SHOWN)}...` : name;
  return JSON.stringify(shown).replaceAll(/[^\x20-\x7e]/g, escapeOf);
}

function escapeOf(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
