import { ByteWriter } from "./byte-writer.ts";
import type { FunctionType } from "./module-shape.ts";

/** What makes a function type; the value types are encoded. */
export type FunctionSignature = Omit<FunctionType, "parameterWords">;

const NONE = new Uint8Array();
const VOID = Uint8Array.of(0x40);
const FUNCTION_FORM = 0x60;

/** The types that the rewriter adds to a module: those of blocks with several results, and of its own functions. */
export class AddedTypes {
  readonly #first: number;
  readonly #encoded: Uint8Array[] = [];
  readonly #indexOf = new Map<string, number>();

  /** `first` is the number of types that the module has. */
  constructor(first: number) {
    this.#first = first;
  }

  get encoded(): readonly Uint8Array[] {
    return this.#encoded;
  }

  /** The index of the function type with these encoded parameters and results. */
  functionType({ parameters, encodedParameters, results, encodedResults }: FunctionSignature): number {
    const writer = new ByteWriter(16);
    writer.byte(FUNCTION_FORM);
    writer.unsigned(parameters);
    writer.bytes(encodedParameters);
    writer.unsigned(results);
    writer.bytes(encodedResults);
    const key = writer.written.join();
    const known = this.#indexOf.get(key);
    if (known !== undefined) return known;
    const index = this.#first + this.#encoded.length;
    this.#encoded.push(writer.written);
    this.#indexOf.set(key, index);
    return index;
  }

  /** The type of a block with the results of this function, as it is encoded behind `block`. */
  blockOf({ results, encodedResults }: FunctionType): Uint8Array {
    if (results === 0) return VOID;
    if (results === 1) return encodedResults;
    const writer = new ByteWriter(8);
    writer.signed(this.functionType({ parameters: 0, encodedParameters: NONE, results, encodedResults }));
    return writer.written;
  }
}
