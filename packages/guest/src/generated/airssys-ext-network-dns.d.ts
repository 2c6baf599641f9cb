// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-types-types.d.ts" />
declare module 'airssys:ext-network/dns@1.0.0' {
  /**
   * The addresses that a name stands for, to connect to at that port. Needs `outbound` to that host and port; a name that also
   * stands for an address that is not granted is refused.
   */
  export function resolve(host: string, port: number): Array<string>;
  export type NetworkError = import('airssys:core-types/types@1.0.0').NetworkError;
}
