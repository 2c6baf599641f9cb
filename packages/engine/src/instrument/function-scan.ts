import { CorruptComponentError } from "../errors.ts";
import { ENTRY_COST, LENGTH_SHIFT, operatorCost } from "./cost-table.ts";
import { HANDED_VALUES, type HandedFunctions } from "./handed-functions.ts";
import type { IndexShift } from "./index-shift.ts";
import { OPCODE } from "./opcodes.ts";
import type { OperatorReader } from "./operators.ts";

/** A place in the code that pays at once for all operators that run exactly as often as it is passed. */
export interface CostSite {
  cost: number;
}

/** A change to a function body, at an offset in the module. Those of one body are in the order of their offsets. */
export type Edit =
  | { readonly kind: "charge"; readonly at: number; readonly site: CostSite; readonly isChecked: boolean }
  | { readonly kind: "index"; readonly at: number; readonly end: number; readonly index: number }
  | { readonly kind: "before-call" | "after-call"; readonly at: number; readonly isHanded: boolean }
  | { readonly kind: "before-tail-call" | "before-abort" | "before-dead-call" | "after-dead-call"; readonly at: number }
  | { readonly kind: "return"; readonly at: number; readonly end: number; readonly label: number }
  | { readonly kind: "length"; readonly at: number; readonly shift: number }
  | { readonly kind: "grow-memory" | "grow-table"; readonly at: number; readonly end: number };

/** An open block: the function itself, a block, a loop, an if or a try. */
interface Frame {
  /** What pays for the operators before it, and for those behind it when every way through it ends there. */
  readonly site: CostSite;
  readonly isDead: boolean;
  /** Whether something in it branches past its end. */
  isEscaped: boolean;
}

/**
 * Walks over the operators of one function and notes what has to change. An operator is charged at the nearest earlier site that is
 * passed exactly as often: sites are the entry, the head of a loop, each arm of an if or try, the place behind a conditional branch,
 * and the end of a block that was escaped. All others pay in advance at the site before them.
 */
export class FunctionScan {
  readonly edits: Edit[] = [];
  readonly entry: CostSite = { cost: ENTRY_COST };
  hasLoop = false;
  hasCall = false;
  /** Whether it makes calls during which its frame stays on the stack. */
  hasNestedCall = false;
  /** Whether it calls functions to which fuel and stack are handed. */
  hasHandedCall = false;
  hasHandler = false;
  hasLength = false;
  /** Where its last operator, an `end`, begins. */
  endAt = 0;
  readonly #operators: OperatorReader;
  readonly #shift: IndexShift;
  readonly #handed: HandedFunctions;
  /** Locals from this index on have moved up, behind what is handed. */
  readonly #movedFrom: number;
  /** With exceptions about, any call may branch past everything: what follows it is paid for after it. */
  readonly #mayThrow: boolean;
  readonly #frames: Frame[];
  #site: CostSite = this.entry;
  #isDead = false;

  constructor(
    operators: OperatorReader,
    shift: IndexShift,
    { handed, mayThrow, movedFrom }: { handed: HandedFunctions; mayThrow: boolean; movedFrom: number },
  ) {
    this.#operators = operators;
    this.#shift = shift;
    this.#handed = handed;
    this.#movedFrom = movedFrom;
    this.#mayThrow = mayThrow;
    this.#frames = [{ site: this.entry, isDead: false, isEscaped: false }];
  }

  /** Reads up to the `end` of the function, which must be at `end`. */
  run(end: number): void {
    const operators = this.#operators;
    while (this.#frames.length > 0) {
      const opcode = operators.next();
      if (!this.#isDead) this.#site.cost += operatorCost(opcode);
      this.#visit(opcode);
    }
    if (operators.end !== end) throw new CorruptComponentError(`a function body does not end at byte ${end}`);
    this.endAt = operators.start;
  }

  #visit(opcode: number): void {
    const { start, end, labels, index } = this.#operators;
    switch (opcode) {
      case OPCODE.block:
        this.#open();
        break;
      case OPCODE.loop:
        this.#open();
        this.hasLoop = true;
        this.#newSite(true);
        break;
      case OPCODE.if:
        this.#open();
        this.#newSite();
        break;
      case OPCODE.try:
        this.hasHandler = true;
        this.#open();
        break;
      case OPCODE.tryTable:
        this.hasHandler = true;
        this.#escape(labels);
        this.#open();
        break;
      case OPCODE.else:
      case OPCODE.catch:
      case OPCODE.catchAll:
        this.#isDead = this.#frames.at(-1)?.isDead ?? true;
        this.#newSite();
        break;
      case OPCODE.delegate:
        this.#escapeAll();
        this.#close();
        break;
      case OPCODE.end:
        this.#close();
        break;
      case OPCODE.br:
      case OPCODE.brTable:
        this.#escape(labels);
        this.#isDead = true;
        break;
      case OPCODE.brIf:
      case OPCODE.brOnNull:
      case OPCODE.brOnNonNull:
      case OPCODE.brOnCast:
      case OPCODE.brOnCastFail:
        this.#escape(labels);
        this.#newSite();
        break;
      case OPCODE.return:
        this.#escapeAll();
        // Also where it never runs: what the function returns is not what this one has.
        this.edits.push({ kind: "return", at: start, end, label: this.#frames.length - 1 });
        this.#isDead = true;
        break;
      case OPCODE.unreachable:
        this.#edit({ kind: "before-abort", at: start });
        this.#isDead = true;
        break;
      case OPCODE.throw:
      case OPCODE.rethrow:
      case OPCODE.throwRef:
        this.#escapeAll();
        this.#edit({ kind: "before-abort", at: start });
        this.#isDead = true;
        break;
      case OPCODE.call:
        this.#call(() => this.#index(this.#shift.function(index)), this.#handed.has(index));
        break;
      case OPCODE.callIndirect:
      case OPCODE.callRef:
        this.#call(() => undefined);
        break;
      case OPCODE.returnCall:
        this.#tailCall();
        this.#index(this.#shift.function(index));
        break;
      case OPCODE.returnCallIndirect:
      case OPCODE.returnCallRef:
        this.#tailCall();
        break;
      case OPCODE.refFunc:
        this.#index(this.#shift.function(index));
        break;
      case OPCODE.globalGet:
      case OPCODE.globalSet:
        this.#index(this.#shift.global(index));
        break;
      case OPCODE.localGet:
      case OPCODE.localSet:
      case OPCODE.localTee:
        if (index >= this.#movedFrom) this.#index(index + HANDED_VALUES);
        break;
      case OPCODE.memoryGrow:
        this.hasLength = true;
        this.#edit({ kind: "grow-memory", at: start, end });
        break;
      case OPCODE.tableGrow:
        this.hasLength = true;
        this.#edit({ kind: "grow-table", at: start, end });
        break;
      case OPCODE.arrayNewFixed:
        if (!this.#isDead) this.#site.cost += this.#operators.secondIndex;
        break;
      default:
        this.#length(opcode);
    }
  }

  #open(): void {
    this.#frames.push({ site: this.#site, isDead: this.#isDead, isEscaped: false });
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined || this.#frames.length === 0) return;
    this.#isDead = frame.isDead;
    if (frame.isEscaped) this.#newSite();
    else this.#site = frame.site;
  }

  /** From here on another site pays. */
  #newSite(isChecked = false): void {
    if (this.#isDead) return;
    this.#site = { cost: 0 };
    this.edits.push({ kind: "charge", at: this.#operators.end, site: this.#site, isChecked });
  }

  /** Notes that a branch leaves all blocks inside those of the labels. */
  #escape(labels: readonly number[]): void {
    if (this.#isDead) return;
    const furthest = labels.reduce((most, label) => Math.max(most, label), 0);
    for (let level = 0; level < furthest; level += 1) {
      const frame = this.#frames.at(-1 - level);
      if (frame !== undefined) frame.isEscaped = true;
    }
  }

  #escapeAll(): void {
    this.#escape([this.#frames.length]);
  }

  #call(edit: () => void, isHanded: boolean = false): void {
    this.hasCall = true;
    this.hasNestedCall = true;
    if (isHanded) this.hasHandedCall = true;
    const { start, end } = this.#operators;
    // Code that never runs has to be valid all the same.
    const isDeadHanded = this.#isDead && isHanded;
    if (isDeadHanded) this.edits.push({ kind: "before-dead-call", at: start });
    this.#edit({ kind: "before-call", at: start, isHanded });
    edit();
    if (isDeadHanded) this.edits.push({ kind: "after-dead-call", at: end });
    this.#edit({ kind: "after-call", at: this.#operators.end, isHanded });
    if (!this.#mayThrow) return;
    this.#escapeAll();
    this.#newSite();
  }

  #tailCall(): void {
    this.hasCall = true;
    this.#escapeAll();
    this.#edit({ kind: "before-tail-call", at: this.#operators.start });
    this.#isDead = true;
  }

  /** The only immediate of the operator becomes another; also where it never runs, since it has to be valid. */
  #index(index: number): void {
    const { start, end } = this.#operators;
    if (index !== this.#operators.index) this.edits.push({ kind: "index", at: start + 1, end, index });
  }

  #length(opcode: number): void {
    const shift = LENGTH_SHIFT.get(opcode);
    if (shift === undefined) return;
    this.hasLength = true;
    this.#edit({ kind: "length", at: this.#operators.start, shift });
  }

  /** A change that only code which may run needs. */
  #edit(edit: Edit): void {
    if (!this.#isDead) this.edits.push(edit);
  }
}
