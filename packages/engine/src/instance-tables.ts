import { TableLimitError } from "./limit-errors.ts";
import { wasm, type WasmGlobal } from "./webassembly.ts";

/** The tables of one instance; guest code asks for room here before it grows one. */
export class InstanceTables {
  readonly room: WasmGlobal<number>;
  readonly request: WasmGlobal<number>;
  readonly limitElements: number;

  /** Throws TableLimitError when the tables exceed the limit from the start. */
  constructor(digest: string, initialElements: number, limitElements: number) {
    if (initialElements > limitElements) {
      throw new TableLimitError(
        `component ${digest} starts with more than it may have`,
        initialElements,
        limitElements,
      );
    }
    this.limitElements = limitElements;
    this.room = new wasm.Global({ value: "i32", mutable: true }, limitElements - initialElements);
    this.request = new wasm.Global({ value: "i32", mutable: true }, 0);
  }

  /** What the tables hold now. */
  get elements(): number {
    return this.limitElements - this.room.value;
  }

  /** Whether the last request for elements was refused because of this limit. */
  get wasRefused(): boolean {
    return this.request.value >>> 0 > this.room.value;
  }
}
