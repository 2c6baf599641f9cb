// What the host offers, as core functions. The build names them after the interface that this file is called by.
export declare function now(result: usize): void;
export declare function monotonic(): u64;
export declare function sleepMillis(duration: u32): void;
