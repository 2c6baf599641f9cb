import * as host from "./host/directory";
import { liftNumbers, liftString, liftStrings, returnArea } from "./canonical";
import { ComponentId } from "./message";

const idSize: usize = 24;

/** What a component says of itself. */
export class ComponentEntry {
  constructor(
    readonly id: ComponentId,
    readonly description: string,
    readonly operations: string[],
    /** Empty means any. */
    readonly codecs: u32[],
    readonly isRunning: bool,
  ) {}
}

/** The components that this one may send to or receives from. */
export function listComponents(): ComponentId[] {
  host.listComponents(returnArea);
  const first = load<usize>(returnArea);
  const ids = new Array<ComponentId>(load<i32>(returnArea, 4));
  for (let index = 0; index < ids.length; index++) ids[index] = ComponentId.lift(first + index * idSize);
  return ids;
}

/** One of those by `namespace/name`, or `null`. */
export function getComponentMetadata(name: string): ComponentEntry | null {
  const text = String.UTF8.encode(name);
  host.getComponentMetadata(changetype<usize>(text), text.byteLength, returnArea);
  if (load<u8>(returnArea) == 0) return null;
  const at = returnArea + 4;
  return new ComponentEntry(
    ComponentId.lift(at),
    liftString(at + idSize),
    liftStrings(at + 32),
    liftNumbers(at + 40),
    load<u8>(at, 48) != 0,
  );
}
