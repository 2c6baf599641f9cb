// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-types-types.d.ts" />
declare module 'airssys:core-host/directory@1.0.0' {
  /**
   * The components that this one may send to or receives from, by name.
   */
  export function listComponents(): Array<ComponentId>;
  /**
   * Of one of those, by `namespace/name`; none when it is not installed or has nothing to do with this component. What an
   * instance declares is known from its first start on.
   */
  export function getComponentMetadata(name: string): ComponentEntry | undefined;
  export type ComponentId = import('airssys:core-types/types@1.0.0').ComponentId;
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
}
