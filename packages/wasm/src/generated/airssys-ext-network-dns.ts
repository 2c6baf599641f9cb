// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:ext-network/dns@1.0.0 **/
/**
 * The addresses that a name stands for, without those that are never granted. Needs `outbound` to that host on some port.
 */
export declare function resolve(host: string): Array<string>;
export type NetworkError = import('./airssys-core-types-types.ts').NetworkError;
