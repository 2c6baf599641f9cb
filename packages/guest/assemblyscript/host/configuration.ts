// What the host offers, as core functions. The build names them after the interface that this file is called by.
export declare function get(key: usize, length: usize, result: usize): void;
