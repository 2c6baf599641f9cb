/** One thing to do, as data. Paths are absolute and normalised. */
export type Operation = FileOperation | DirectoryOperation | NetworkOperation | SpawnOperation;

export type FileOperation =
  | { readonly kind: "file.read"; readonly path: string }
  /** Creates the file or replaces what is in it. Not atomic: who reads meanwhile may see part of it. */
  | { readonly kind: "file.write"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: "file.append"; readonly path: string; readonly bytes: Uint8Array }
  /** A symbolic link is deleted itself, not what it leads to. */
  | { readonly kind: "file.delete"; readonly path: string }
  | { readonly kind: "file.stat"; readonly path: string }
  | { readonly kind: "file.exists"; readonly path: string }
  /** Of a regular file. Replaces what has the new name. */
  | { readonly kind: "file.rename"; readonly path: string; readonly to: string }
  | { readonly kind: "file.copy"; readonly path: string; readonly to: string };

export type DirectoryOperation =
  | { readonly kind: "directory.list"; readonly path: string }
  | { readonly kind: "directory.create"; readonly path: string }
  /** With `recursive`, all below it has to be granted too, one by one, before anything is removed. */
  | { readonly kind: "directory.remove"; readonly path: string; readonly recursive?: boolean };

export type NetworkOperation = HttpOperation | TcpOperation | UdpOperation | ResolveOperation;

export interface HttpOperation {
  readonly kind: "http.request";
  readonly url: string;
  readonly method?: HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

interface Endpoint {
  /** A name or an address; an IPv6 address with or without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface TcpOperation extends Endpoint {
  readonly kind: "tcp.connect";
}

export interface UdpOperation extends Endpoint {
  readonly kind: "udp.send";
  readonly bytes: Uint8Array;
}

/** A name may be looked up by whoever may connect to it: looking up a name tells its server something. */
export interface ResolveOperation extends Endpoint {
  readonly kind: "dns.resolve";
}

export interface SpawnOperation {
  readonly kind: "process.spawn";
  /** Absolute; a native program, no script. */
  readonly program: string;
  readonly arguments?: readonly Argument[];
  /** The directory it runs in, which it has to be granted to list. */
  readonly directory: string;
  /** Variables it is given, each of which has to be granted; it has no others. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables it is given as this process has them, likewise. */
  readonly inherit?: readonly string[];
  /** How long it may run, in milliseconds; then it is killed. */
  readonly lifetimeMs?: number;
}

/**
 * A text is a value: it must not begin with `-`, so that a value from elsewhere cannot become an option. What is meant as an option is
 * written as one.
 */
export type Argument = string | { readonly option: string };

export type OperationKind = Operation["kind"];
