/** The import namespace of everything the rewriter adds. No guest may import from it: see `checkCoreModule`. */
export const RESERVED_NAMESPACE = "airssys:engine";

/**
 * The mutable globals that the host creates and all core modules of an instance share. Every core module with code imports them, in
 * this order, with these value types: 0x7e is i64, 0x7f is i32.
 */
export const PROVIDED_GLOBALS = {
  /** What is left of the fuel that was handed out; below zero the guest has to ask for more. */
  fuel: { importName: "fuel", valueType: 0x7e },
  /** The words of stack that are left. */
  stack: { importName: "stack", valueType: 0x7f },
  /** What the last `memory.grow` returned: -1 when it was refused. */
  memoryGrowth: { importName: "memory-growth", valueType: 0x7f },
  /** The elements by which tables may still grow, all together. */
  tableRoom: { importName: "table-room", valueType: 0x7f },
  /** The elements that the last `table.grow` asked for; 0 when it was granted. */
  tableRequest: { importName: "table-request", valueType: 0x7f },
} as const;

/** The function `() -> ()` that guest code calls when `fuel` is below zero. It refills the global, or leaves it and the guest traps. */
export const EXHAUSTED_IMPORT = "exhausted";
