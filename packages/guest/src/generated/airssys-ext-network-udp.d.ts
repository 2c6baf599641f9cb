// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-types-types.d.ts" />
declare module 'airssys:ext-network/udp@1.0.0' {
  export type NetworkError = import('airssys:core-types/types@1.0.0').NetworkError;
  export interface Datagram {
    bytes: Uint8Array,
    host: string,
    port: number,
  }
  
  export class Socket implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * To receive on a port that others know needs `inbound`; 0 has the system choose one, to receive answers.
    */
    static bind(port: number): Socket;
    /**
    * Needs `outbound`.
    */
    send(datagram: Datagram): void;
    receive(timeoutMillis: number): Datagram;
    [Symbol.dispose](): void;
  }
}
