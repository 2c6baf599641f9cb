// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-component/component-state@1.0.0 **/
/**
 * All that the next instance needs to go on, in an encoding of the component's own. Has no effects. Called between two
 * messages, and once more after `shutdown`; never after a trap.
 */
export declare function snapshot(): Uint8Array;
/**
 * Takes over from an instance of `from-version`, which may be an older one of this component. Called after `init` and
 * before the first message. An error refuses to start from it: the host then keeps what ran before, or starts afresh.
 */
export declare function restore(state: Uint8Array, fromVersion: string): void;
export type ComponentError = import('./airssys-core-types-types.ts').ComponentError;
