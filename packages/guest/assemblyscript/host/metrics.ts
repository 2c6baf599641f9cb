// What the host offers, as core functions. The build names them after the interface that this file is called by.
export declare function counter(name: usize, length: usize, labels: usize, count: usize, add: f64): void;
export declare function gauge(name: usize, length: usize, labels: usize, count: usize, value: f64): void;
export declare function histogram(name: usize, length: usize, labels: usize, count: usize, value: f64): void;
