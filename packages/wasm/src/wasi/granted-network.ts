import type { GuestConnection, GuestNetwork, IpAddress, NetworkErrorCode, SocketAddress } from "@airssys/engine";
import { OperationFailedError, OslError, type OsConnection, type OslErrorCode } from "@airssys/osl";
import type { ComponentAccess } from "../access/component-access.ts";

/** The longest that a timer keeps: a guest waits as long as its call may take. */
const FOR_EVER_MS = 2_147_483_647;

/**
 * The network as `wasi:sockets` sees it. A guest looks names up and connects to addresses; what was granted are names with ports. So an
 * address is reached for the names that this guest found it by, and if it was granted itself.
 */
export class GrantedNetwork implements GuestNetwork {
  readonly #access: ComponentAccess;
  readonly #namesOf = new Map<IpAddress, Set<string>>();

  constructor(access: ComponentAccess) {
    this.#access = access;
  }

  async resolve(name: string, signal: AbortSignal): Promise<readonly IpAddress[]> {
    return answering(async () => {
      const port = this.#portOf(name);
      const addresses = await this.#access.os.run({ kind: "dns.resolve", host: name, port }, { signal });
      for (const address of addresses) {
        const names = this.#namesOf.get(address) ?? new Set();
        if (names.size < MOST_NAMES) this.#namesOf.set(address, names.add(name));
        const [oldest] = this.#namesOf.keys();
        if (this.#namesOf.size > MOST_ADDRESSES && oldest !== undefined) this.#namesOf.delete(oldest);
      }
      return addresses;
    });
  }

  async connect({ address, port }: SocketAddress, signal: AbortSignal): Promise<GuestConnection> {
    return answering(async () => {
      const names = [...(this.#namesOf.get(address) ?? [])];
      const { grants } = this.#access;
      const name = names.find((each) => grants.matches({ kind: "connect", target: `${each}:${port}`, address }));
      const to = name === undefined ? { host: address } : { host: name, address };
      const connection = await this.#access.os.run({ kind: "tcp.connect", port, ...to }, { signal });
      return new GrantedConnection(connection);
    });
  }

  /** Names are granted with a port, and looked up without one: with any that was granted. */
  #portOf(name: string): number {
    const ports = this.#access.grants
      .list()
      .flatMap((each) =>
        each.kind === "connect" ? [Number(each.target.slice(each.target.lastIndexOf(":") + 1))] : [],
      );
    const { grants } = this.#access;
    return ports.find((port) => grants.matches({ kind: "connect", target: `${name}:${port}` })) ?? HTTPS;
  }
}

/** A guest may look up as many names as it likes: so many are remembered of one address, and so many addresses. */
const MOST_NAMES = 64;
const MOST_ADDRESSES = 1024;
/** To be refused for, and taken down, where none is granted. */
const HTTPS = 443;

class GrantedConnection implements GuestConnection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly #connection: OsConnection;

  constructor(connection: OsConnection) {
    this.#connection = connection;
    this.local = { address: connection.localAddress, port: connection.localPort };
    this.remote = { address: connection.remoteAddress, port: connection.remotePort };
  }

  read(): Promise<Uint8Array | undefined> {
    return answering(() => this.#connection.read({ timeoutMs: FOR_EVER_MS }));
  }

  write(bytes: Uint8Array): Promise<void> {
    return answering(() => this.#connection.write(bytes, { timeoutMs: FOR_EVER_MS }));
  }

  async end(): Promise<void> {
    this.#connection.end();
  }

  [Symbol.dispose](): void {
    // It is cut at once; that it is gone is waited for when the access is closed.
    void this.#connection[Symbol.asyncDispose]();
  }
}

const CODES: Readonly<Partial<Record<OslErrorCode, NetworkErrorCode>>> = {
  OSL_DENIED: "access-denied",
  OSL_AUDIT_FAILED: "access-denied",
  OSL_OPERATION_INVALID: "invalid-argument",
  OSL_TOO_MANY_OPEN: "new-socket-limit",
  OSL_TIMEOUT: "timeout",
  OSL_QUOTA_EXCEEDED: "access-denied",
  OSL_RATE_LIMITED: "access-denied",
  OSL_CLOSED: "connection-aborted",
};

const SYSTEM_CODES: Readonly<Record<string, NetworkErrorCode>> = {
  EAI_AGAIN: "temporary-resolver-failure",
  EAI_FAIL: "permanent-resolver-failure",
  ECONNABORTED: "connection-aborted",
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-reset",
  EHOSTUNREACH: "remote-unreachable",
  ENETUNREACH: "remote-unreachable",
  ENODATA: "name-unresolvable",
  ENOTFOUND: "name-unresolvable",
  EPIPE: "connection-reset",
  ETIMEDOUT: "timeout",
};

/** Rejects with the code that the guest is told, and with any other error as it is. */
async function answering<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OslError)) throw error;
    const system = error instanceof OperationFailedError ? SYSTEM_CODES[error.systemCode ?? ""] : undefined;
    const code: NetworkErrorCode = system ?? CODES[error.code] ?? "unknown";
    throw code; // oxlint-disable-line typescript/only-throw-error -- a code is what the guest gets
  }
}
