// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-host/logging@1.0.0 **/
/**
 * Writes one line with named fields. Never fails; the host may drop lines below its level.
 */
export declare function log(level: LogLevel, message: string, fields: Array<[string, string]>): void;
export type LogLevel = import('./airssys-core-types-types.ts').LogLevel;
