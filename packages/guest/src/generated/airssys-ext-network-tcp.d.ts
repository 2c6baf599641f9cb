// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-types-types.d.ts" />
declare module 'airssys:ext-network/tcp@1.0.0' {
  export type NetworkError = import('airssys:core-types/types@1.0.0').NetworkError;
  
  export class Connection implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * Needs `outbound`.
    */
    static connect(host: string, port: number, timeoutMillis: number): Connection;
    /**
    * Returns when the system has taken all of it.
    */
    send(bytes: Uint8Array): void;
    /**
    * What is there, at most `length` bytes; waits for the first one. Empty when the other side has ended it.
    * What comes after the time is up is not lost.
    */
    receive(length: number, timeoutMillis: number): Uint8Array;
    /**
    * Address and port of the other side.
    */
    peer(): [string, number];
    [Symbol.dispose](): void;
  }
  
  export class Listener implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * On all addresses of the host. Needs `inbound`.
    */
    static listen(port: number): Listener;
    accept(timeoutMillis: number): Connection;
    [Symbol.dispose](): void;
  }
}
