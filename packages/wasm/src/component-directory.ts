import type { AccessControl, Manifest } from "@airssys/security";
import type { ComponentMetadata } from "./generated/airssys-core-component-component-lifecycle.ts";
import type { ComponentId } from "./generated/airssys-core-types-types.ts";
import { maxMessageBytes } from "./message-size.ts";
import { codecs, type Codec } from "./payload.ts";
import { shorten } from "./printable.ts";

/** What others must know of a component before they may send to it. */
interface Listing {
  readonly id: ComponentId;
  /** Whom it takes messages of is a decision about the one that receives them. */
  readonly control: AccessControl;
  readonly maxMessageBytes: number;
  description: string;
  /** What an instance said of itself when it started. */
  operations: readonly string[];
  declaredCodecs: Uint32Array;
  /** Undefined when it understands any. */
  codecs: ReadonlySet<Codec> | undefined;
}

/** What others may know of a component. */
export type Description = Pick<ComponentMetadata, "description" | "operations" | "codecs"> & {
  readonly id: ComponentId;
};

const NOTHING_SAID: Pick<Listing, "operations" | "declaredCodecs" | "codecs"> = {
  operations: [],
  declaredCodecs: new Uint32Array(),
  codecs: undefined,
};

/** What others are told is cut where it is longer. */
const longest = { description: 1000, operations: 1000, name: 256, codecs: 100 } as const;

const codecNames = Object.keys(codecs) as readonly Codec[];

/** The installed components of one host by address: who they are, and from whom and what they receive. */
export class ComponentDirectory {
  readonly #listings = new Map<string, Listing>();

  has(address: string): boolean {
    return this.#listings.has(address);
  }

  /** Lists a component, or another version of it: until that has started, what the one before said of itself stands. */
  add(address: string, manifest: Manifest, control: AccessControl): void {
    const { namespace, name, version, description } = manifest.component;
    const { operations, declaredCodecs, codecs: known } = this.#listings.get(address) ?? NOTHING_SAID;
    this.#listings.set(address, {
      id: { namespace, name, version },
      control,
      maxMessageBytes: maxMessageBytes(manifest),
      description,
      operations,
      declaredCodecs,
      codecs: known,
    });
  }

  remove(address: string): void {
    this.#listings.delete(address);
  }

  /** In their order, whatever that of their installation. */
  addresses(): readonly string[] {
    return [...this.#listings.keys()].toSorted();
  }

  /** Undefined when no component is installed at the address. */
  describe(address: string): Description | undefined {
    const listing = this.#listings.get(address);
    if (listing === undefined) return undefined;
    const { id, description, operations, declaredCodecs } = listing;
    return { id, description, operations: [...operations], codecs: declaredCodecs };
  }

  /** Undefined when no component is installed at the address. */
  idOf(address: string): ComponentId | undefined {
    return this.#listings.get(address)?.id;
  }

  /**
   * Records what a component said of itself when it started. It has all codecs when it declares none; codes that nobody knows are no
   * codec.
   */
  declare(address: string, { description, operations, codecs: declared }: ComponentMetadata): void {
    const listing = this.#listings.get(address);
    if (listing === undefined) return;
    listing.description = shorten(description, longest.description);
    listing.operations = operations.slice(0, longest.operations).map((operation) => shorten(operation, longest.name));
    listing.declaredCodecs = declared.slice(0, longest.codecs);
    listing.codecs =
      declared.length === 0 ? undefined : new Set(codecNames.filter((name) => declared.includes(codecs[name])));
  }

  /** Whether the receiver takes direct messages of this sender. An actor that is no component takes them of anyone. */
  receives(receiver: string, sender: string): boolean {
    const listing = this.#listings.get(receiver);
    if (listing === undefined) return true;
    const { decision } = listing.control.check({ kind: "messaging", action: "receive-from", subject: sender });
    return decision === "granted";
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
