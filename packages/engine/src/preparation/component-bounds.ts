import { UnsupportedComponentError } from "../errors.ts";
import type { CoreModule } from "./artifact.ts";
import { type CodeWork, codeWork } from "./code-work.ts";

/*
 * What one component may ask of the process it is loaded into, where no limit of an instance reaches: V8 compiles what is called on
 * the thread that calls it, without a look at the clock, and some things it never gives back. Known components are far below: a
 * JavaScript engine of 12 MB has 163 types, and work of 8 million, half a million of it in one function.
 */
export const COMPONENT_BOUNDS = {
  /** V8 keeps each distinct type for as long as the process lives, and ends the process at two million. */
  coreTypes: 10_000,
  /** Compiling a function takes time by its branches times its locals: about a quarter of a second for this. */
  functionWork: 10_000_000,
  /** The same over all functions. */
  work: 100_000_000,
  /** Those of components within components multiply. Instantiating so many takes some 50 ms. */
  coreInstances: 1_000,
  /** Each takes some 8 GB of the 128 TB of addresses that a process has, however little is in it. */
  memories: 100,
  /** What jco writes for its interfaces, in characters; compiling it takes about a tenth of a second. */
  generatedCode: 8_000_000,
} as const;

/** Throws UnsupportedComponentError when V8 would take too long over the core modules of a component, or keep too much of them. */
export function checkCode(coreModules: readonly Uint8Array[]): void {
  const works: readonly CodeWork[] = coreModules.map(codeWork);
  const sum = (of: (work: CodeWork) => number): number => works.reduce((total, work) => total + of(work), 0);
  check(
    sum(({ types }) => types),
    COMPONENT_BOUNDS.coreTypes,
    "core types",
  );
  check(
    Math.max(0, ...works.map(({ greatest }) => greatest)),
    COMPONENT_BOUNDS.functionWork,
    "branches times locals in one function",
  );
  check(
    sum(({ total }) => total),
    COMPONENT_BOUNDS.work,
    "branches times locals in its functions",
  );
}

/** Throws UnsupportedComponentError when an instance of a component would take too much to make. */
export function checkInstances(modules: readonly CoreModule[]): void {
  const sum = (of: (module: CoreModule) => number): number =>
    modules.reduce((total, module) => total + module.instantiations * of(module), 0);
  check(
    sum(() => 1),
    COMPONENT_BOUNDS.coreInstances,
    "core instances",
  );
  check(
    sum(({ memories }) => memories.length),
    COMPONENT_BOUNDS.memories,
    "memories",
  );
}

/** Throws UnsupportedComponentError when there is too much generated code. */
export function checkGenerated(code: string): void {
  check(code.length, COMPONENT_BOUNDS.generatedCode, "characters of generated code for its interfaces");
}

function check(found: number, most: number, what: string): void {
  if (found > most) throw new UnsupportedComponentError(`${found} ${what}, more than ${most}`);
}
