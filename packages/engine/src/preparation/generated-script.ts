import { Script } from "node:vm";

/** The script of a component's generated code, named so that stack traces tell components apart. */
export function generatedScript(digest: string, code: string, cachedData?: Uint8Array): Script {
  const filename = `airssys:component/${digest.slice("sha256:".length, "sha256:".length + 12)}`;
  return new Script(code, cachedData === undefined ? { filename } : { filename, cachedData });
}
