import { liftBytes, liftPairs, liftString } from "./canonical";

/** Names a component: written `namespace/name`. */
export class ComponentId {
  constructor(
    readonly namespace: string,
    readonly name: string,
    readonly version: string,
  ) {}

  static lift(at: usize): ComponentId {
    return new ComponentId(liftString(at), liftString(at + 8), liftString(at + 16));
  }
}

/**
 * A message as it reaches its receiver. Each field is copied when it is read, so reading one costs nothing for the others.
 * It belongs to the call: keep what you read from it, not the message itself.
 */
export class ComponentMessage {
  constructor(private readonly at: usize) {}

  /** `null` when the host or a plain actor sent it. */
  get sender(): ComponentId | null {
    return load<u8>(this.at) == 0 ? null : ComponentId.lift(this.at + 4);
  }

  /** Begins with a multicodec prefix. */
  get payload(): Uint8Array {
    return liftBytes(this.at + 28);
  }

  /** `null` when it was sent to this component. */
  get topic(): string | null {
    return load<u8>(this.at, 36) == 0 ? null : liftString(this.at + 40);
  }

  /** `null` when the sender does not wait for a reply. */
  get correlationId(): string | null {
    return load<u8>(this.at, 48) == 0 ? null : liftString(this.at + 52);
  }

  /** When it was sent: whole seconds since the Unix epoch. */
  get seconds(): u64 {
    return load<u64>(this.at, 64);
  }

  /** The part of the second, 0 to 999,999,999. */
  get nanoseconds(): u32 {
    return load<u32>(this.at, 72);
  }

  /** Pairs of name and value. */
  get headers(): Array<StaticArray<string>> {
    return liftPairs(load<usize>(this.at, 80), load<u32>(this.at, 84));
  }
}

/** On whose behalf an operation runs. */
export class ExecutionContext {
  constructor(
    readonly correlationId: string | null,
    /** Milliseconds before the caller stops waiting; `u64.MAX_VALUE` when it waits for ever. */
    readonly remainingMillis: u64,
  ) {}
}

/** What `init` is given. */
export class ComponentConfig {
  constructor(
    readonly id: ComponentId,
    private readonly values: Array<StaticArray<string>>,
  ) {}

  /** The value at a key of `[config]`, or `null`. A value that is not a string is given as JSON. */
  get(key: string): string | null {
    for (let index = 0; index < this.values.length; index++) {
      if (this.values[index][0] == key) return this.values[index][1];
    }
    return null;
  }
}

/** What a component is, for operators and tools. */
export class Metadata {
  /** What `execute` understands. */
  operations: string[] = [];
  /** Multicodec codes that `handleMessage` understands; empty means any. */
  codecs: u32[] = [];

  constructor(
    readonly name: string,
    readonly version: string,
    readonly description: string,
  ) {}
}
