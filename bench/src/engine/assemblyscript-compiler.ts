/** What of the AssemblyScript compiler is used here. */
export interface Compiler {
  readonly main: (
    args: readonly string[],
    options: {
      readonly stderr: object;
      readonly writeFile: (name: string, contents: Uint8Array | string) => void;
    },
  ) => Promise<{ readonly error: Error | null }>;
  /** What was written to it is its text. */
  readonly createMemoryStream: () => { readonly toString: () => string };
}

/** Its own types declare `console` for the whole program, and otherwise than Node's do: so the type checker is not to see them. */
const specifier: string = "assemblyscript/asc";

/** It is large and slow to load: only when something is really to be built. */
export async function loadCompiler(): Promise<Compiler> {
  const compiler: Compiler = await import(specifier);
  return compiler;
}
