// What the host offers, as core functions. The build names them after the interface that this file is called by.
export declare function send(to: usize, toLength: usize, payload: usize, length: usize, result: usize): void;
export declare function request(
  to: usize,
  toLength: usize,
  payload: usize,
  length: usize,
  timeoutMillis: u32,
  result: usize,
): void;
export declare function cancelRequest(id: usize, length: usize): i32;
export declare function publish(topic: usize, topicLength: usize, payload: usize, length: usize, result: usize): void;
export declare function subscribe(pattern: usize, length: usize, result: usize): void;
export declare function unsubscribe(pattern: usize, length: usize): i32;
export declare function selfId(result: usize): void;
