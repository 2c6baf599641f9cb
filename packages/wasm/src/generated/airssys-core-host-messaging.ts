// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-host/messaging@1.0.0 **/
/**
 * Sends a payload, which begins with a multicodec prefix, to the actor registered as `to`: for a component
 * `namespace/name`. Needs `capabilities.messaging.send`.
 */
export declare function send(to: string, payload: Uint8Array): void;
/**
 * Sends a payload and asks for a reply, which arrives later through `handle-callback` with the id returned here; after
 * `timeout-millis` (1 to 300,000) it arrives as `timeout`. Needs `capabilities.messaging.send`.
 */
export declare function request(to: string, payload: Uint8Array, timeoutMillis: number): RequestId;
/**
 * Takes the reply to the request at hand out of `handle-message`'s hands: it is given later, with `reply`, and other
 * messages are handled meanwhile. The asker's time-out goes on. Only while a request is handled, and once; else `send-failed`.
 */
export declare function deferReply(): ReplyToken;
/**
 * Answers the request that `token` was given for. `send-failed` when it has been answered, or nobody waits any more.
 */
export declare function reply(token: ReplyToken, outcome: Result<Uint8Array, ComponentError>): void;
/**
 * Stops waiting: no callback will come. False when it has already come or the id is unknown.
 */
export declare function cancelRequest(request: RequestId): boolean;
/**
 * Gives a payload to every subscriber of a topic and returns how many took it. Topics are segments joined by `.`.
 * Needs `capabilities.messaging.publish`.
 */
export declare function publish(topic: string, payload: Uint8Array): number;
/**
 * Has messages of matching topics handed to `handle-message`: `*` stands for one segment, a final `#` for all that
 * remain. Subscribing twice to one pattern is the same as once. A restart ends all subscriptions: subscribe in `init`.
 * Needs `capabilities.messaging.subscribe`.
 */
export declare function subscribe(pattern: string): void;
/**
 * Ends a subscription. False when there was none.
 */
export declare function unsubscribe(pattern: string): boolean;
/**
 * Who this component is.
 */
export declare function selfId(): ComponentId;
export type ComponentError = import('./airssys-core-types-types.ts').ComponentError;
export type ComponentId = import('./airssys-core-types-types.ts').ComponentId;
export type MessagingError = import('./airssys-core-types-types.ts').MessagingError;
export type RequestId = import('./airssys-core-types-types.ts').RequestId;
/**
 * Stands for a request that is answered later. Ends with the instance that was given it.
 */
export type ReplyToken = string;
export type Result<T, E> = { tag: 'ok', val: T } | { tag: 'err', val: E };
