export { buildComponent, type BuildOptions, type BuiltComponent, type GuestLanguage } from "./build-component.ts";
export { GuestBuildError, GuestError, SourceNotFoundError, ToolchainMissingError, WitInvalidError } from "./errors.ts";
export type { GuestErrorCode, SourcePosition } from "./errors.ts";
export { witSource } from "./wit-source.ts";
