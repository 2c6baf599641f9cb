// What the host offers, as core functions. The build names them after the interface that this file is called by.
export declare function log(level: i32, message: usize, length: usize, fields: usize, count: usize): void;
