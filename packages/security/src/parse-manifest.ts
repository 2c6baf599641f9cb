import { type Ceilings, resolveCeilings } from "./ceilings.ts";
import type { Manifest } from "./manifest.ts";
import { readManifest } from "./read-manifest.ts";
import { Reading } from "./reading.ts";
import { TomlPositions } from "./toml-position.ts";
import { parseToml } from "./toml-text.ts";

export interface ManifestOptions {
  /** What problems name the manifest; `Component.toml` unless given. */
  readonly file?: string;
  /** The most the manifest may ask for, where the operator allows more or less than usual. */
  readonly ceilings?: Partial<Ceilings>;
}

/**
 * The manifest in the text of a Component.toml, complete with defaults. Throws {@link ManifestError} with every problem of
 * the text, whatever the text is.
 */
export function parseManifest(text: string, options: ManifestOptions = {}): Manifest {
  const { file = "Component.toml" } = options;
  const ceilings = resolveCeilings(options.ceilings);
  const source = parseToml(text, file);
  return readManifest(source, new Reading(file, ceilings, new TomlPositions(text)));
}
