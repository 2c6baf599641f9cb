import type { ByteWriter } from "./byte-writer.ts";
import { ELEMENTS_SHIFT, PAGES_SHIFT } from "./cost-table.ts";
import type { Edit, FunctionScan } from "./function-scan.ts";
import { HANDED_VALUES } from "./handed-functions.ts";
import { OPCODE } from "./opcodes.ts";

/** The indices of what the rewriter added to a module. */
export interface AddedIndices {
  readonly fuel: number;
  readonly stack: number;
  readonly memoryGrowth: number;
  readonly tableRoom: number;
  readonly tableRequest: number;
  /** A global whose reference is always null. */
  readonly nothing: number;
  /** The function that takes what is left of the fuel, has it refilled and returns it, or traps. */
  readonly refuel: number;
}

/** A function as it was, and what it needs to be rewritten. */
export interface FunctionSource {
  readonly module: Uint8Array;
  readonly scan: FunctionScan;
  /** The declarations of its locals, and how many groups of them there are. */
  readonly localGroups: number;
  readonly localsAt: number;
  readonly codeAt: number;
  /** The number of its parameters and locals. */
  readonly locals: number;
  /** The words of stack that a call of it takes. */
  readonly frameWords: number;
  /** The index of the first of the parameters in which fuel and stack are handed to it, if they are. */
  readonly handedAt: number | undefined;
  /** The block type of its results. */
  readonly resultType: Uint8Array;
}

const VOID = 0x40;
const I32 = 0x7f;
const I64 = 0x7e;

/**
 * Writes one function body. While it runs, fuel is kept in a local if that saves work: read at its entry and after calls, written
 * back before calls and at its exit. Functions that are only called by others of the module get fuel and stack handed instead, and return
 * the fuel that is left; what they call otherwise finds both in the globals. A function with exception handlers keeps it in the global, which no exception unwinds. To have
 * one exit only, the code is put in a block, and a `return` becomes a branch to its end.
 */
export class FunctionEmission {
  /** The offsets, from the start of the body, of the branches that are hardly ever taken. */
  readonly unlikely: number[] = [];
  readonly #out: ByteWriter;
  readonly #added: AddedIndices;
  readonly #source: FunctionSource;
  readonly #isCached: boolean;
  readonly #isCounted: boolean;
  readonly #isHanded: boolean;
  readonly #hasFuelLocal: boolean;
  readonly #fuelLocal: number;
  readonly #levelLocal: number;
  readonly #lengthLocal: number;

  constructor(out: ByteWriter, added: AddedIndices, source: FunctionSource) {
    const { scan, locals, handedAt } = source;
    this.#out = out;
    this.#added = added;
    this.#source = source;
    this.#isHanded = handedAt !== undefined;
    this.#isCached = this.#isHanded || (!scan.hasHandler && isWorthCaching(scan));
    this.#isCounted = scan.hasNestedCall;
    this.#hasFuelLocal = !this.#isHanded && (this.#isCached || scan.hasCall || scan.hasLoop || scan.hasLength);
    if (handedAt === undefined) {
      this.#fuelLocal = locals;
      this.#levelLocal = this.#fuelLocal + (this.#hasFuelLocal ? 1 : 0);
      this.#lengthLocal = this.#levelLocal + (this.#isCounted ? 1 : 0);
    } else {
      this.#fuelLocal = handedAt;
      this.#levelLocal = handedAt + 1;
      this.#lengthLocal = locals + HANDED_VALUES;
    }
  }

  write(): void {
    const { module, scan, localGroups, localsAt, codeAt, resultType } = this.#source;
    const out = this.#out;
    const hasOneExit = this.#isCached || this.#isCounted;
    const numbers = (this.#isCounted && !this.#isHanded ? 1 : 0) + (scan.hasLength ? 1 : 0);
    out.unsigned(localGroups + (this.#hasFuelLocal ? 1 : 0) + (numbers > 0 ? 1 : 0));
    out.bytes(module.subarray(localsAt, codeAt));
    if (this.#hasFuelLocal) this.#declare(1, I64);
    if (numbers > 0) this.#declare(numbers, I32);
    if (this.#isCounted) this.#enterFrame();
    if (this.#isCached && !this.#isHanded) this.#load();
    if (hasOneExit) {
      out.byte(OPCODE.block);
      out.bytes(resultType);
    }
    this.#charge(scan.entry.cost, scan.hasCall);
    let copied = codeAt;
    for (const edit of scan.edits) {
      out.bytes(module.subarray(copied, edit.at));
      copied = this.#apply(edit);
    }
    out.bytes(module.subarray(copied, scan.endAt));
    if (hasOneExit) {
      out.byte(OPCODE.end);
      if (this.#isHanded) this.#local(OPCODE.localGet, this.#fuelLocal);
      else this.#leave();
    }
    out.byte(OPCODE.end);
  }

  /** Writes what an edit puts there, and returns where the module goes on. */
  #apply(edit: Edit): number {
    switch (edit.kind) {
      case "charge":
        this.#charge(edit.site.cost, edit.isChecked);
        return edit.at;
      case "index":
        this.#out.unsigned(edit.index);
        return edit.end;
      case "before-call":
        if (edit.isHanded) this.#hand();
        else this.#store();
        if (!edit.isHanded && this.#hasStaleLevel) this.#restoreLevel();
        return edit.at;
      case "after-call":
        if (edit.isHanded) this.#takeBack();
        else if (this.#isCached) this.#load();
        return edit.at;
      case "before-dead-call":
        this.#i64(0);
        this.#i32(0);
        return edit.at;
      case "after-dead-call":
        this.#out.byte(OPCODE.drop);
        return edit.at;
      case "before-tail-call":
        this.#leave();
        return edit.at;
      case "before-abort":
        this.#store();
        return edit.at;
      case "return":
        if (!this.#isCached && !this.#isCounted) return edit.at;
        this.#out.byte(OPCODE.br);
        this.#out.unsigned(edit.label);
        return edit.end;
      case "length":
        this.#local(OPCODE.localTee, this.#lengthLocal);
        this.#chargeLength(edit.shift, () => this.#local(OPCODE.localGet, this.#lengthLocal));
        return edit.at;
      case "grow-memory":
        this.#growMemory(edit.at, edit.end);
        return edit.end;
      case "grow-table":
        this.#growTable(edit.at, edit.end);
        return edit.end;
    }
  }

  #declare(count: number, type: number): void {
    this.#out.unsigned(count);
    this.#out.byte(type);
  }

  /** Takes this frame's words off the stack that is left, and keeps the level so that every exit finds it again. */
  #enterFrame(): void {
    if (this.#isHanded) this.#local(OPCODE.localGet, this.#levelLocal);
    else this.#global(OPCODE.globalGet, this.#added.stack);
    this.#i32(this.#source.frameWords);
    this.#out.byte(OPCODE.i32Sub);
    this.#local(OPCODE.localTee, this.#levelLocal);
    if (!this.#isHanded) {
      this.#global(OPCODE.globalSet, this.#added.stack);
      this.#local(OPCODE.localGet, this.#levelLocal);
    }
    this.#i32(0);
    this.#out.byte(OPCODE.i32LtS);
    this.#ifUnlikely();
    // The host reads there that it was the stack.
    if (this.#isHanded) this.#restoreLevel();
    this.#out.byte(OPCODE.unreachable);
    this.#out.byte(OPCODE.end);
  }

  /** Whether the global may hold another level: what is handed on is not written back, and frames that an exception unwound still count. */
  get #hasStaleLevel(): boolean {
    const { hasHandler, hasHandedCall } = this.#source.scan;
    return this.#isHanded || hasHandler || hasHandedCall;
  }

  /** Puts fuel and stack behind the arguments of a call. */
  #hand(): void {
    if (this.#isCached) this.#local(OPCODE.localGet, this.#fuelLocal);
    else this.#global(OPCODE.globalGet, this.#added.fuel);
    this.#local(OPCODE.localGet, this.#levelLocal);
  }

  /** The fuel that is left lies above the results of the call. */
  #takeBack(): void {
    if (this.#isCached) this.#local(OPCODE.localSet, this.#fuelLocal);
    else this.#global(OPCODE.globalSet, this.#added.fuel);
  }

  #restoreLevel(): void {
    this.#local(OPCODE.localGet, this.#levelLocal);
    this.#global(OPCODE.globalSet, this.#added.stack);
  }

  #leave(): void {
    this.#store();
    if (!this.#isCounted) return;
    this.#local(OPCODE.localGet, this.#levelLocal);
    this.#i32(this.#source.frameWords);
    this.#out.byte(OPCODE.i32Add);
    this.#global(OPCODE.globalSet, this.#added.stack);
  }

  #load(): void {
    this.#global(OPCODE.globalGet, this.#added.fuel);
    this.#local(OPCODE.localSet, this.#fuelLocal);
  }

  #store(): void {
    if (!this.#isCached) return;
    this.#local(OPCODE.localGet, this.#fuelLocal);
    this.#global(OPCODE.globalSet, this.#added.fuel);
  }

  #charge(cost: number, isChecked: boolean): void {
    if (cost === 0 && !isChecked) return;
    this.#spend(() => this.#i64(cost), isChecked);
  }

  /** Charges a number of bytes, elements or pages, before anything else happens. */
  #chargeLength(shift: number, pushLength: () => void): void {
    this.#spend(() => {
      pushLength();
      this.#out.byte(OPCODE.i64ExtendI32U);
      if (shift === 0) return;
      this.#i64(Math.abs(shift));
      this.#out.byte(shift > 0 ? OPCODE.i64ShrU : OPCODE.i64Shl);
    }, true);
  }

  #spend(pushAmount: () => void, isChecked: boolean): void {
    const out = this.#out;
    if (this.#isCached) this.#local(OPCODE.localGet, this.#fuelLocal);
    else this.#global(OPCODE.globalGet, this.#added.fuel);
    pushAmount();
    out.byte(OPCODE.i64Sub);
    if (!isChecked) {
      if (this.#isCached) this.#local(OPCODE.localSet, this.#fuelLocal);
      else this.#global(OPCODE.globalSet, this.#added.fuel);
      return;
    }
    this.#local(OPCODE.localTee, this.#fuelLocal);
    if (!this.#isCached) {
      this.#global(OPCODE.globalSet, this.#added.fuel);
      this.#local(OPCODE.localGet, this.#fuelLocal);
    }
    this.#i64(0);
    out.byte(OPCODE.i64LtS);
    this.#refuelIf();
  }

  /**
   * Asks for more fuel if the condition on top of the stack holds. Without the branch on null, which is always taken, V8 would take
   * the call for as likely as the loop around it and keep values in memory for it: such branches it moves out of the way. It is
   * what makes the difference between 1.4 and 1.0 in a tight loop, where branch hints are not yet heeded.
   */
  #refuelIf(): void {
    const out = this.#out;
    this.#ifUnlikely();
    out.byte(OPCODE.block);
    out.byte(VOID);
    this.#global(OPCODE.globalGet, this.#added.nothing);
    out.byte(OPCODE.brOnNull);
    out.unsigned(0);
    out.byte(OPCODE.unreachable);
    out.byte(OPCODE.end);
    this.#local(OPCODE.localGet, this.#fuelLocal);
    out.byte(OPCODE.call);
    out.unsigned(this.#added.refuel);
    this.#local(OPCODE.localSet, this.#fuelLocal);
    out.byte(OPCODE.end);
  }

  /** Grows, keeps what the growth returned for the host, and charges the pages if there are any. */
  #growMemory(at: number, end: number): void {
    const { memoryGrowth } = this.#added;
    this.#local(OPCODE.localTee, this.#lengthLocal);
    this.#out.bytes(this.#source.module.subarray(at, end));
    this.#global(OPCODE.globalSet, memoryGrowth);
    this.#global(OPCODE.globalGet, memoryGrowth);
    this.#ifGranted(() => {
      this.#chargeLength(-PAGES_SHIFT, () => this.#local(OPCODE.localGet, this.#lengthLocal));
    });
    this.#global(OPCODE.globalGet, memoryGrowth);
  }

  /** Asks for 2^32 - 1 elements, which no table can have, instead of more than there is room for. */
  #growTable(at: number, end: number): void {
    const { tableRoom, tableRequest } = this.#added;
    this.#local(OPCODE.localTee, this.#lengthLocal);
    this.#global(OPCODE.globalSet, tableRequest);
    this.#local(OPCODE.localGet, this.#lengthLocal);
    this.#i32(-1);
    this.#local(OPCODE.localGet, this.#lengthLocal);
    this.#global(OPCODE.globalGet, tableRoom);
    this.#out.byte(OPCODE.i32LeU);
    this.#out.byte(OPCODE.select);
    this.#out.bytes(this.#source.module.subarray(at, end));
    this.#local(OPCODE.localTee, this.#lengthLocal);
    this.#ifGranted(() => {
      this.#global(OPCODE.globalGet, tableRoom);
      this.#global(OPCODE.globalGet, tableRequest);
      this.#out.byte(OPCODE.i32Sub);
      this.#global(OPCODE.globalSet, tableRoom);
      this.#chargeLength(ELEMENTS_SHIFT, () => this.#global(OPCODE.globalGet, tableRequest));
      this.#i32(0);
      this.#global(OPCODE.globalSet, tableRequest);
    });
    this.#local(OPCODE.localGet, this.#lengthLocal);
  }

  /** Runs `then` unless the growth on top of the stack was refused. */
  #ifGranted(then: () => void): void {
    this.#i32(-1);
    this.#out.byte(OPCODE.i32Ne);
    this.#out.byte(OPCODE.if);
    this.#out.byte(VOID);
    then();
    this.#out.byte(OPCODE.end);
  }

  #ifUnlikely(): void {
    this.unlikely.push(this.#out.length);
    this.#out.byte(OPCODE.if);
    this.#out.byte(VOID);
  }

  #local(operator: number, index: number): void {
    this.#out.byte(operator);
    this.#out.unsigned(index);
  }

  #global(operator: number, index: number): void {
    this.#out.byte(operator);
    this.#out.unsigned(index);
  }

  #i32(value: number): void {
    this.#out.byte(OPCODE.i32Const);
    this.#out.signed(value);
  }

  #i64(value: number): void {
    this.#out.byte(OPCODE.i64Const);
    this.#out.signed(value);
  }
}

/** Whether a local saves memory accesses: in loops, and where there are more sites than calls around which it is stored and read. */
function isWorthCaching({ hasLoop, edits }: FunctionScan): boolean {
  if (hasLoop) return true;
  const sites = edits.filter(({ kind }) => kind === "charge").length;
  const calls = edits.filter(({ kind }) => kind === "before-call").length;
  return sites > calls;
}
