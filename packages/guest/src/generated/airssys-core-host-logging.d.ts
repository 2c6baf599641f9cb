// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-types-types.d.ts" />
declare module 'airssys:core-host/logging@1.0.0' {
  /**
   * Writes one line with named fields. Never fails; the host may drop lines below its level.
   */
  export function log(level: LogLevel, message: string, fields: Array<[string, string]>): void;
  export type LogLevel = import('airssys:core-types/types@1.0.0').LogLevel;
}
