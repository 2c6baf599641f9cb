// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-host/configuration@1.0.0 **/
/**
 * The value at a key; for a nested table `outer.inner`. A value that is not a string is given as JSON.
 */
export declare function get(key: string): string | undefined;
