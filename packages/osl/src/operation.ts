/** One thing to do, as data. Paths are absolute and normalised. */
export type Operation = FileOperation | DirectoryOperation | NetworkOperation | SpawnOperation;

export type FileOperation =
  /** The whole of it. Refused when it has more than `mostBytes`, or than the limit. */
  | { readonly kind: "file.read"; readonly path: string; readonly mostBytes?: number }
  /** Opens a file to read and write parts of it, which is asked for again each time. */
  | { readonly kind: "file.open"; readonly path: string; readonly mode: OpenMode }
  /**
   * Creates the file or puts another in its place, in one step: nobody ever sees part of it. The new one has the mode of the old one and the
   * owner of this process; other names of the old one still lead to that.
   */
  | { readonly kind: "file.write"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: "file.append"; readonly path: string; readonly bytes: Uint8Array }
  /** A symbolic link is deleted itself, not what it leads to. */
  | { readonly kind: "file.delete"; readonly path: string }
  | { readonly kind: "file.stat"; readonly path: string }
  | { readonly kind: "file.exists"; readonly path: string }
  /** Of a regular file. Replaces what has the new name. */
  | { readonly kind: "file.rename"; readonly path: string; readonly to: string }
  | { readonly kind: "file.copy"; readonly path: string; readonly to: string };

/**
 * `read` and `read-write`: it has to be there. `create`: it is made when it is not there, and emptied when it is; `create-new`: it must
 * not be there. What is created is open for writing only.
 */
export type OpenMode = "read" | "read-write" | "create" | "create-new";

export type DirectoryOperation =
  | { readonly kind: "directory.list"; readonly path: string }
  /** With `parents`, those above it that are not there are made as well, each if it is granted, and one that is there is fine. */
  | { readonly kind: "directory.create"; readonly path: string; readonly parents?: boolean }
  /** With `recursive`, all below it has to be granted too, one by one, before anything is removed. */
  | { readonly kind: "directory.remove"; readonly path: string; readonly recursive?: boolean };

export type NetworkOperation =
  | HttpOperation
  | TcpOperation
  | ListenOperation
  | UdpOperation
  | BindOperation
  | ResolveOperation;

export interface HttpOperation {
  readonly kind: "http.request";
  readonly url: string;
  readonly method?: HttpMethod;
  readonly headers?: Named;
  readonly body?: Uint8Array;
  /** The response is refused when it has more, or more than the limit. */
  readonly mostResponseBytes?: number;
  /** How many redirects are followed; what comes after that is the answer. As many as the limit unless said, and more are refused. */
  readonly maxRedirects?: number;
}

/** Values by their names. Where they come as pairs, as others write them, each name is there once. */
export type Named = Readonly<Record<string, string>> | readonly (readonly [name: string, value: string])[];

export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

interface Endpoint {
  /** A name or an address; an IPv6 address with or without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface TcpOperation extends Endpoint {
  readonly kind: "tcp.connect";
  /** What the name was found to stand for before, by who asks: it is not looked up again, and policy is asked for that address. */
  readonly address?: string;
}

/** Takes connections that others make, on all addresses of the machine. */
export interface ListenOperation {
  readonly kind: "tcp.listen";
  readonly port: number;
}

/** Sends and receives datagrams. On port 0 it gets one that the system chooses, for which nothing is needed: to get answers. */
export interface BindOperation {
  readonly kind: "udp.bind";
  readonly port: number;
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
  /** The directory it runs in, which it has to be granted to list. Without one, an empty directory of its own that is removed afterwards. */
  readonly directory?: string;
  /** Variables it is given, each of which has to be granted; it has no others. */
  readonly environment?: Named;
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
