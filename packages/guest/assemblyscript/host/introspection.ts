// What the host offers, as core functions. The build names them after the interface that this file is called by.
export declare function granted(result: usize): void;
/** A permission is flat: its kind, and then an action, a port, or where a text begins. */
export declare function check(kind: i32, first: usize, second: usize, third: usize, result: usize): void;
