/** Stable identifiers of this package's errors; added freely, never renamed or reused. */
export type GuestErrorCode =
  | "GUEST_BUILD_FAILED"
  | "GUEST_SOURCE_NOT_FOUND"
  | "GUEST_WIT_INVALID"
  | "GUEST_TOOLCHAIN_MISSING";

/** Base of every error this package throws. Match on `code`; messages may change. */
export abstract class GuestError extends Error {
  abstract readonly code: GuestErrorCode;
}

/** Where in a source a compiler stopped. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** A compiler refused the source. `reason` is what it said; whatever was built before is still in place. */
export class GuestBuildError extends GuestError {
  override readonly name = "GuestBuildError";
  override readonly code = "GUEST_BUILD_FAILED";
  readonly reason: string;
  readonly position: SourcePosition;

  constructor(reason: string, position: SourcePosition, options?: ErrorOptions) {
    super(`${describePosition(position)}: ${reason}`, options);
    this.reason = reason;
    this.position = position;
  }
}

/** The source to build, or a file it imports, is not there. */
export class SourceNotFoundError extends GuestError {
  override readonly name = "SourceNotFoundError";
  override readonly code = "GUEST_SOURCE_NOT_FOUND";
  readonly path: string;

  constructor(path: string, options?: ErrorOptions) {
    super(`source ${path} does not exist or cannot be read`, options);
    this.path = path;
  }
}

/** The WIT directory cannot be used, or has no such world. */
export class WitInvalidError extends GuestError {
  override readonly name = "WitInvalidError";
  override readonly code = "GUEST_WIT_INVALID";
  readonly directory: string;

  constructor(directory: string, reason: string, options?: ErrorOptions) {
    super(`WIT in ${directory}: ${reason}`, options);
    this.directory = directory;
  }
}

/** A compiler that this package does not bring is not on this machine, or lacks something. */
export class ToolchainMissingError extends GuestError {
  override readonly name = "ToolchainMissingError";
  override readonly code = "GUEST_TOOLCHAIN_MISSING";
  readonly language: string;
  readonly missing: string;
  /** The packages of Debian and Ubuntu that have it. */
  readonly packages: readonly string[];

  constructor(language: string, missing: string, packages: readonly string[], options?: ErrorOptions) {
    super(
      `building from ${language} needs ${missing}, which is not found by PATH; on Debian or Ubuntu: apt install ${packages.join(" ")}`,
      options,
    );
    this.language = language;
    this.missing = missing;
    this.packages = packages;
  }
}

function describePosition({ file, line, column }: SourcePosition): string {
  if (line === undefined) return file;
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}
