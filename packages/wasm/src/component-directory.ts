import { matchesComponent, type Manifest } from "@airssys/security";
import type { ComponentId } from "./generated/airssys-core-types-types.ts";
import { maxMessageBytes } from "./message-size.ts";
import { codecs, type Codec } from "./payload.ts";

/** What others must know of a component before they may send to it. */
interface Listing {
  readonly id: ComponentId;
  readonly receiveFrom: readonly string[];
  readonly maxMessageBytes: number;
  /** Undefined when it understands any. */
  codecs: ReadonlySet<Codec> | undefined;
}

const codecNames = Object.keys(codecs) as readonly Codec[];

/** The installed components of one host by address: who they are, and from whom and what they receive. */
export class ComponentDirectory {
  readonly #listings = new Map<string, Listing>();

  has(address: string): boolean {
    return this.#listings.has(address);
  }

  add(address: string, manifest: Manifest): void {
    const { namespace, name, version } = manifest.component;
    this.#listings.set(address, {
      id: { namespace, name, version },
      receiveFrom: manifest.capabilities.messaging.receiveFrom,
      maxMessageBytes: maxMessageBytes(manifest),
      codecs: undefined,
    });
  }

  /** Undefined when no component is installed at the address. */
  idOf(address: string): ComponentId | undefined {
    return this.#listings.get(address)?.id;
  }

  /** Records the codes that a component declared when it started; none means any codec. Codes that nobody knows are no codec. */
  declareCodecs(address: string, declared: Uint32Array): void {
    const listing = this.#listings.get(address);
    if (listing === undefined) return;
    listing.codecs =
      declared.length === 0 ? undefined : new Set(codecNames.filter((name) => declared.includes(codecs[name])));
  }

  /** Whether the receiver takes direct messages of this sender. An actor that is no component takes them of anyone. */
  receives(receiver: string, sender: string): boolean {
    const listing = this.#listings.get(receiver);
    return listing === undefined || listing.receiveFrom.some((pattern) => matchesComponent(pattern, sender));
  }

  /** Whether the receiver understands the codec. */
  understands(receiver: string, codec: Codec): boolean {
    return this.#listings.get(receiver)?.codecs?.has(codec) ?? true;
  }

  /** Whether the receiver has room for a payload of so many bytes. */
  hasRoomFor(receiver: string, bytes: number): boolean {
    return bytes <= (this.#listings.get(receiver)?.maxMessageBytes ?? Number.POSITIVE_INFINITY);
  }
}
