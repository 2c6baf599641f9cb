declare module "picomatch" {
  /** A function that says whether a path is one of the pattern. */
  function picomatch(pattern: string, options?: { readonly dot?: boolean }): (path: string) => boolean;
  export = picomatch;
}
