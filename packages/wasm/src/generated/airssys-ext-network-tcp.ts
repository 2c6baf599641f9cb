// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:ext-network/tcp@1.0.0 **/
export type NetworkError = import('./airssys-core-types-types.ts').NetworkError;

export declare class Connection {
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
}

export declare class Listener {
  /**
   * This type does not have a public constructor.
   */
  private constructor();
  /**
  * On all addresses of the host. Needs `inbound`.
  */
  static listen(port: number): Listener;
  accept(timeoutMillis: number): Connection;
}
