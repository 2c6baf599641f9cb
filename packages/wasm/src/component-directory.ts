import { matchesComponent, type Manifest } from "@airssys/security";
import type { ComponentId } from "./generated/airssys-core-types-types.ts";
import { codecs, type Codec } from "./payload.ts";

/** What others must know of a component before they may send to it. */
interface Listing {
  readonly id: ComponentId;
  readonly receiveFrom: readonly string[];
  /** Multicodec codes it understands; empty means any. */
  codecs: ReadonlySet<number>;
}

/** The installed components of one host by address: who they are, and from whom and in which codec they receive. */
export class ComponentDirectory {
  readonly #listings = new Map<string, Listing>();

  has(address: string): boolean {
    return this.#listings.has(address);
  }

  add(address: string, { component, capabilities }: Manifest): void {
    const { namespace, name, version } = component;
    const { receiveFrom } = capabilities.messaging;
    this.#listings.set(address, { id: { namespace, name, version }, receiveFrom, codecs: new Set() });
  }

  /** Undefined when no component is installed at the address. */
  idOf(address: string): ComponentId | undefined {
    return this.#listings.get(address)?.id;
  }

  /** Records the codecs that a component declared when it started. */
  declareCodecs(address: string, declared: Iterable<number>): void {
    const listing = this.#listings.get(address);
    if (listing !== undefined) listing.codecs = new Set(declared);
  }

  /** Whether the receiver takes direct messages of this sender. An actor that is no component takes them of anyone. */
  receives(receiver: string, sender: string): boolean {
    const listing = this.#listings.get(receiver);
    return listing === undefined || listing.receiveFrom.some((pattern) => matchesComponent(pattern, sender));
  }

  /** Whether the receiver understands the codec. */
  understands(receiver: string, codec: Codec): boolean {
    const declared = this.#listings.get(receiver)?.codecs;
    return declared === undefined || declared.size === 0 || declared.has(codecs[codec]);
  }
}
