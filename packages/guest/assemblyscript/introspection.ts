import * as host from "./host/introspection";
import { liftPorts, liftString, liftStrings, returnArea } from "./canonical";

/** In the order of `file-action`. */
export enum FileAction {
  Read,
  Write,
  Delete,
  List,
}

/** In the order of `messaging-action`. */
export enum MessagingAction {
  Send,
  Publish,
  Subscribe,
  ReceiveFrom,
}

/** Patterns that were granted for one action. */
export class Granted {
  constructor(
    /** A `FileAction` or a `MessagingAction`. */
    readonly action: u8,
    readonly patterns: string[],
  ) {}
}

/** All that was granted to this component. */
export class Permissions {
  constructor(
    readonly files: Granted[],
    readonly outbound: string[],
    readonly inbound: u16[],
    readonly storage: string[],
    readonly messaging: Granted[],
    readonly programs: string[],
    readonly environment: string[],
  ) {}
}

/** One thing that a component may want to do. */
export class Permission {
  private constructor(
    readonly kind: i32,
    readonly detail: i32,
    readonly text: string,
  ) {}

  static file(action: FileAction, path: string): Permission {
    return new Permission(0, action, path);
  }

  /** `host:port`. */
  static connect(to: string): Permission {
    return new Permission(1, -1, to);
  }

  static listen(port: u16): Permission {
    return new Permission(2, port, "");
  }

  static storage(namespace: string): Permission {
    return new Permission(3, -1, namespace);
  }

  static messaging(action: MessagingAction, subject: string): Permission {
    return new Permission(4, action, subject);
  }

  static spawn(program: string): Permission {
    return new Permission(5, -1, program);
  }

  static environment(name: string): Permission {
    return new Permission(6, -1, name);
  }
}

/** What was granted to this component. */
export function granted(): Permissions {
  host.granted(returnArea);
  return new Permissions(
    liftGranted(returnArea),
    liftStrings(returnArea + 8),
    liftPorts(returnArea + 16),
    liftStrings(returnArea + 24),
    liftGranted(returnArea + 32),
    liftStrings(returnArea + 40),
    liftStrings(returnArea + 48),
  );
}

/** `null` when it would be allowed now, else why not. */
export function check(permission: Permission): string | null {
  const text = String.UTF8.encode(permission.text);
  const start = changetype<usize>(text);
  const length: usize = text.byteLength;
  if (permission.detail < 0) host.check(permission.kind, start, length, 0, returnArea);
  else host.check(permission.kind, permission.detail, start, length, returnArea);
  return load<u8>(returnArea) == 0 ? null : liftString(returnArea + 4);
}

function liftGranted(at: usize): Granted[] {
  const first = load<usize>(at);
  const list = new Array<Granted>(load<i32>(at, 4));
  for (let index = 0; index < list.length; index++) {
    const item = first + index * 12;
    list[index] = new Granted(load<u8>(item), liftStrings(item + 4));
  }
  return list;
}
