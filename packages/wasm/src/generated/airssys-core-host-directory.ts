// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-host/directory@1.0.0 **/
/**
 * The components that this one may send to or receives from, by name.
 */
export declare function listComponents(): Array<ComponentId>;
/**
 * Of one of those, by `namespace/name`; none when it is not installed or has nothing to do with this component. What an
 * instance declares is known from its first start on.
 */
export declare function getComponentMetadata(name: string): ComponentEntry | undefined;
export type ComponentId = import('./airssys-core-types-types.ts').ComponentId;
/**
 * What a component says of itself.
 */
export interface ComponentEntry {
  id: ComponentId,
  description: string,
  /**
   * What its `execute` understands.
   */
  operations: Array<string>,
  /**
   * Multicodec codes that its `handle-message` understands; empty means any.
   */
  codecs: Uint32Array,
  /**
   * Whether an instance of it handles messages now.
   */
  isRunning: boolean,
}
