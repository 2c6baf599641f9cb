// What the host offers, as core functions. The build names them after the interface that this file is called by.
export declare function listComponents(result: usize): void;
export declare function getComponentMetadata(name: usize, length: usize, result: usize): void;
