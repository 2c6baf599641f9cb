export type FileAction = "read" | "write" | "delete" | "list";
export type MessagingAction = "send" | "publish" | "subscribe" | "receive-from";

/** One thing that a component may do. In a grant the resource may be a pattern; in a request it is one resource. */
export type Capability =
  | FileCapability
  | ConnectCapability
  | { readonly kind: "listen"; readonly port: number }
  /** A namespace of the store. */
  | { readonly kind: "storage"; readonly namespace: string }
  /** Component ids for `send` and `receive-from`, topics for the others. */
  | { readonly kind: "messaging"; readonly action: MessagingAction; readonly subject: string }
  /** The absolute path of a program. */
  | { readonly kind: "spawn"; readonly program: string }
  | { readonly kind: "environment"; readonly variable: string }
  /** A host function that an application adds. */
  | { readonly kind: "custom"; readonly name: string };

export interface FileCapability {
  readonly kind: "file";
  readonly action: FileAction;
  /** Absolute and normalised; in a request, with its symlinks resolved. */
  readonly path: string;
}

export interface ConnectCapability {
  readonly kind: "connect";
  /** `host:port`; an IPv6 address in brackets. */
  readonly target: string;
  /** In a request: what the host resolved to. Ask again with it before connecting. */
  readonly address?: string;
}

/** Every kind of thing there is to do, as audit lines and reasons name it. */
export type Right =
  | `file.${FileAction}`
  | "connect"
  | "listen"
  | "storage"
  | `messaging.${MessagingAction}`
  | "spawn"
  | "environment"
  | "custom";

/** What is done. Undefined for what is no capability, as a value from outside may be whatever its type says. */
export function rightOf(capability: Capability): Right | undefined {
  switch (capability.kind) {
    case "file":
      return fileRight(capability.action);
    case "messaging":
      return messagingRight(capability.action);
    case "connect":
    case "listen":
    case "storage":
    case "spawn":
    case "environment":
    case "custom":
      return capability.kind;
    default:
      return undefined;
  }
}

function fileRight(action: FileAction): Right | undefined {
  switch (action) {
    case "read":
      return "file.read";
    case "write":
      return "file.write";
    case "delete":
      return "file.delete";
    case "list":
      return "file.list";
    default:
      return undefined;
  }
}

function messagingRight(action: MessagingAction): Right | undefined {
  switch (action) {
    case "send":
      return "messaging.send";
    case "publish":
      return "messaging.publish";
    case "subscribe":
      return "messaging.subscribe";
    case "receive-from":
      return "messaging.receive-from";
    default:
      return undefined;
  }
}

/** What it is done to. */
export function resourceOf(capability: Capability): string {
  switch (capability.kind) {
    case "file":
      return capability.path;
    case "connect":
      return capability.target;
    case "listen":
      return String(capability.port);
    case "storage":
      return capability.namespace;
    case "messaging":
      return capability.subject;
    case "spawn":
      return capability.program;
    case "environment":
      return capability.variable;
    case "custom":
      return capability.name;
  }
}
