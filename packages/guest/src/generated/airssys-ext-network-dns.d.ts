// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-types-types.d.ts" />
declare module 'airssys:ext-network/dns@1.0.0' {
  /**
   * The addresses that a name stands for, without those that are never granted. Needs `outbound` to that host on some port.
   */
  export function resolve(host: string): Array<string>;
  export type NetworkError = import('airssys:core-types/types@1.0.0').NetworkError;
}
