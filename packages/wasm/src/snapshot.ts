/** The state of a component as it was between two messages, in an encoding of the component's own. */
export interface Snapshot {
  readonly state: Uint8Array;
  /** The version of the component that wrote it. */
  readonly version: string;
}
