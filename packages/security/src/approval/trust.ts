import { covers } from "../capability/capability-pattern.ts";
import { CapabilitySet } from "../capability/capability-set.ts";
import { coversSegments, type Segment } from "../capability/segment.ts";
import { InvalidSourceError } from "./approval-errors.ts";
import { parseGitAddress, parseGitPattern } from "./git-address.ts";
import { PUBLIC_KEY } from "./key-text.ts";
import { isReleaseSignedBy, type Release } from "./release.ts";

export type TrustLevel = "trusted" | "unknown" | "development";

/** Something an operator trusts. */
export type TrustSource =
  /** Where the host itself fetched the code from: `https://github.com/acme/*`. */
  | { readonly kind: "git"; readonly url: string }
  /** Whoever has the private half signs for the component. */
  | { readonly kind: "key"; readonly publicKey: string }
  /** A path pattern on this machine. */
  | { readonly kind: "local"; readonly path: string };

export interface TrustConfiguration {
  readonly trusted?: readonly TrustSource[];
  /** Sources of what is being worked on: needs no approval, and says so. */
  readonly development?: readonly TrustSource[];
  /** Without it, what comes from a development source is unknown. */
  readonly isDevelopmentAllowed?: boolean;
}

/** Where a component came from, as the host that fetched it knows; not as the component says. */
export interface Origin {
  readonly git?: string;
  /** Absolute, normalised, symlinks resolved. */
  readonly path?: string;
  readonly publicKey?: string;
  readonly signature?: string;
}

export interface Trust {
  readonly level: TrustLevel;
  readonly reason: string;
}

interface CompiledSource {
  readonly name: string;
  readonly isSourceOf: (release: Release, origin: Origin) => boolean;
}

/** Knows which sources an operator trusts. */
export class TrustPolicy {
  readonly #trusted: readonly CompiledSource[];
  readonly #development: readonly CompiledSource[];

  /** @throws InvalidSourceError */
  constructor({ trusted = [], development = [], isDevelopmentAllowed = false }: TrustConfiguration) {
    this.#trusted = trusted.map(compile);
    const inDevelopment = development.map(compile);
    this.#development = isDevelopmentAllowed ? inDevelopment : [];
  }

  /**
   * How far a release is trusted. A signature that does not fit makes it unknown, wherever it came from.
   * @throws InvalidReleaseError when it is none
   */
  judge(release: Release, origin: Origin): Trust {
    const { publicKey, signature } = origin;
    const isSigned = publicKey !== undefined || signature !== undefined;
    if (isSigned && !isReleaseSignedBy(release, publicKey ?? "", signature ?? "")) {
      return { level: "unknown", reason: "its signature is not one for this code, version and capabilities" };
    }
    const trusted = this.#trusted.find(({ isSourceOf }) => isSourceOf(release, origin));
    if (trusted) return { level: "trusted", reason: `trusted source ${trusted.name}` };
    const development = this.#development.find(({ isSourceOf }) => isSourceOf(release, origin));
    if (development)
      return { level: "development", reason: `WARNING: not approved, from development source ${development.name}` };
    return { level: "unknown", reason: "it comes from no source that is trusted" };
  }
}

function compile(source: TrustSource): CompiledSource {
  switch (source.kind) {
    case "git": {
      const pattern = parseGitPattern(source.url);
      if (!pattern) throw new InvalidSourceError("a Git address such as https://github.com/acme/*", source.url);
      return {
        name: source.url,
        isSourceOf: (_, { git }) => git !== undefined && isWithin(pattern, parseGitAddress(git)),
      };
    }
    case "key": {
      const { publicKey: trusted } = source;
      if (!PUBLIC_KEY.test(trusted)) throw new InvalidSourceError("a key such as ed25519:…", trusted);
      return {
        name: trusted,
        isSourceOf: (release, { publicKey, signature = "" }) =>
          publicKey === trusted && isReleaseSignedBy(release, trusted, signature),
      };
    }
    case "local": {
      const pattern = { kind: "file", action: "read", path: source.path } as const;
      if (!covers(pattern, pattern))
        throw new InvalidSourceError("a path pattern such as /srv/components/**", source.path);
      const set = new CapabilitySet();
      set.grant(pattern);
      return {
        name: source.path,
        isSourceOf: (_, { path }) => path !== undefined && set.matches({ kind: "file", action: "read", path }),
      };
    }
  }
}

function isWithin(pattern: readonly Segment[], address: readonly Segment[] | undefined): boolean {
  return address !== undefined && coversSegments(pattern, address);
}
