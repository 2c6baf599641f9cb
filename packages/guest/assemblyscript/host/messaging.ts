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
export declare function deferReply(result: usize): void;
/** `outcome` is a flat `result<list<u8>, component-error>`: the payload, or the kind of error and its text. */
export declare function reply(
  token: usize,
  tokenLength: usize,
  isError: bool,
  first: usize,
  second: usize,
  third: usize,
  result: usize,
): void;
