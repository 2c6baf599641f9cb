/** What a component is, what it needs and what it asks for; checked, complete and frozen. */
export interface Manifest {
  readonly component: ComponentSection;
  readonly resources: Resources;
  readonly capabilities: Capabilities;
  readonly quotas: Quotas;
  readonly supervision: Supervision;
  readonly deployment: Deployment;
  readonly security: Security;
  readonly config: ConfigEntries;
}

export interface ComponentSection {
  readonly name: string;
  readonly namespace: string;
  readonly version: string;
  /** Relative to the manifest's folder, `/` between its parts; never leads outside it. */
  readonly artifact: string;
  readonly description: string;
  readonly authors: readonly string[];
  readonly license?: string;
  readonly repository?: string;
  readonly homepage?: string;
}

export interface Resources {
  readonly memory: MemoryLimit;
  readonly cpu: CpuLimit;
}

export interface MemoryLimit {
  readonly maxBytes: number;
}

export interface CpuLimit {
  /** Per message handled. */
  readonly maxFuel: number;
  /** Wall clock per message, calls into the host included. */
  readonly timeoutMs: number;
}

export interface Capabilities {
  readonly filesystem: FilesystemCapability;
  readonly network: NetworkCapability;
  readonly messaging: MessagingCapability;
  readonly storage: StorageCapability;
  readonly process: ProcessCapability;
  readonly environment: EnvironmentCapability;
  readonly custom: CustomCapability;
}

/** Path patterns. */
export interface FilesystemCapability {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly delete: readonly string[];
  readonly list: readonly string[];
}

export interface NetworkCapability {
  /** `host:port` to connect to. */
  readonly outbound: readonly string[];
  /** Ports to listen on. */
  readonly inbound: readonly number[];
}

export interface MessagingCapability {
  /** Component patterns. */
  readonly send: readonly string[];
  /** Topic patterns. */
  readonly publish: readonly string[];
  /** Topic patterns. */
  readonly subscribe: readonly string[];
  /** Component patterns. */
  readonly receiveFrom: readonly string[];
}

export interface StorageCapability {
  /** Names of namespaces of its own: no other component reaches them. */
  readonly namespaces: readonly string[];
}

export interface ProcessCapability {
  /** Absolute paths of programs. */
  readonly spawn: readonly string[];
}

export interface EnvironmentCapability {
  readonly variables: readonly string[];
}

export interface CustomCapability {
  /** Names of host functions that an application adds, or patterns of them. */
  readonly functions: readonly string[];
}

export interface Quotas {
  readonly messagesPerSecond: number;
  /** Bytes of keys and values in all of its namespaces together. */
  readonly storageBytes: number;
  /** In each direction. */
  readonly networkBytesPerSecond: number;
  /** Milliseconds of computing in each second, over all instances. */
  readonly cpuMsPerSecond: number;
  /** Bytes of memory of all its instances together. */
  readonly memoryBytes: number;
}

/** How a new version takes the place of the old one. */
export type RolloutStrategy = "stop-start" | "blue-green" | "canary" | "rolling";

export interface Deployment {
  readonly strategy: RolloutStrategy;
}

/** Who vouches for the component. Both or neither. */
export interface Security {
  /** `ed25519:` and the key in base64url. */
  readonly publicKey?: string;
  /** In base64url. */
  readonly signature?: string;
}

/** When a component that ended comes back. */
export type Restart = "permanent" | "transient" | "temporary";

export interface Supervision {
  readonly restart: Restart;
  readonly maxRestarts: number;
  readonly withinMs: number;
  readonly backoff: BackoffSection;
  readonly shutdownMs: number;
  /** Messages between two snapshots of a component that keeps state; 0 takes none while it runs. */
  readonly snapshotEvery: number;
  readonly health: HealthSection;
}

export interface BackoffSection {
  readonly minMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** Share of the delay that is random, 0 to 1. */
  readonly jitter: number;
}

export interface HealthSection {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly failureThreshold: number;
}

/** Keys and values as a component's `init` gets them, in the order written: `outer.inner` for nested tables, JSON for what is no string. */
export type ConfigEntries = readonly (readonly [key: string, value: string])[];

/** The id messages are addressed to, such as `shop/order-parser`. */
export function componentId(component: Pick<ComponentSection, "namespace" | "name">): string {
  return `${component.namespace}/${component.name}`;
}
