import { resolveCeilings } from "./ceilings.ts";
import type {
  BackoffSection,
  Capabilities,
  ComponentSection,
  ConfigEntries,
  Deployment,
  HealthSection,
  Manifest,
  Quotas,
  Resources,
  Security,
  Supervision,
} from "./manifest.ts";
import type { ManifestOptions } from "./parse-manifest.ts";
import { readManifest } from "./read-manifest.ts";
import { Reading } from "./reading.ts";

/** A manifest written in TypeScript: what has a default may be left out. Any {@link Manifest} is one too. */
export interface ManifestInput {
  readonly component: Pick<ComponentSection, "name" | "version" | "artifact"> & Partial<ComponentSection>;
  readonly resources: Resources;
  readonly capabilities?: { readonly [Section in keyof Capabilities]?: Partial<Capabilities[Section]> };
  readonly quotas?: Partial<Quotas>;
  readonly supervision?: SupervisionInput;
  readonly deployment?: Partial<Deployment>;
  readonly security?: Security;
  readonly config?: ConfigTable | ConfigEntries;
}

export interface SupervisionInput extends Partial<Omit<Supervision, "backoff" | "health">> {
  readonly backoff?: Partial<BackoffSection>;
  readonly health?: Partial<HealthSection>;
}

export interface ConfigTable {
  readonly [key: string]: ConfigValue;
}

export type ConfigValue = string | number | boolean | readonly ConfigValue[] | ConfigTable;

/**
 * The same manifest that {@link parseManifest} would make of the same settings in TOML. Throws {@link ManifestError} with
 * every problem; problems name the file `manifest` unless told otherwise, and have no line.
 */
export function defineManifest(input: ManifestInput, options: ManifestOptions = {}): Manifest {
  return readManifest(input, new Reading(options.file ?? "manifest", resolveCeilings(options.ceilings)));
}
