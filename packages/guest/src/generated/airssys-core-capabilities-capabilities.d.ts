// Generated from wit/ by `pnpm generate`. Do not edit.
declare module 'airssys:core-capabilities/capabilities@1.0.0' {
  /**
   * # Variants
   * 
   * ## `"read"`
   * 
   * ## `"write"`
   * 
   * ## `"delete"`
   * 
   * ## `"list"`
   */
  export type FileAction = 'read' | 'write' | 'delete' | 'list';
  /**
   * # Variants
   * 
   * ## `"send"`
   * 
   * ## `"publish"`
   * 
   * ## `"subscribe"`
   * 
   * ## `"receive-from"`
   */
  export type MessagingAction = 'send' | 'publish' | 'subscribe' | 'receive-from';
  /**
   * Patterns of absolute paths: `*` within a segment, `**` any depth.
   */
  export interface FilePermission {
    action: FileAction,
    paths: Array<string>,
  }
  /**
   * Component ids for `send` and `receive-from`, topics for the others.
   */
  export interface MessagingPermission {
    action: MessagingAction,
    patterns: Array<string>,
  }
  /**
   * Everything that Component.toml can ask for.
   */
  export interface RequestedPermissions {
    files: Array<FilePermission>,
    /**
     * `host:port`, where the host may begin with `*.`.
     */
    outbound: Array<string>,
    /**
     * Ports to listen on.
     */
    inbound: Uint16Array,
    /**
     * Namespaces of the store.
     */
    storage: Array<string>,
    messaging: Array<MessagingPermission>,
    /**
     * Absolute paths of programs.
     */
    programs: Array<string>,
    /**
     * Names of environment variables.
     */
    environment: Array<string>,
  }
  /**
   * One thing that a component may want to do.
   */
  export type Permission = PermissionFile | PermissionConnect | PermissionListen | PermissionStorage | PermissionMessaging | PermissionSpawn | PermissionEnvironment;
  export interface PermissionFile {
    tag: 'file',
    val: [FileAction, string],
  }
  /**
   * `host:port`. A name that is granted may still resolve to an address that is not.
   */
  export interface PermissionConnect {
    tag: 'connect',
    val: string,
  }
  export interface PermissionListen {
    tag: 'listen',
    val: number,
  }
  export interface PermissionStorage {
    tag: 'storage',
    val: string,
  }
  export interface PermissionMessaging {
    tag: 'messaging',
    val: [MessagingAction, string],
  }
  export interface PermissionSpawn {
    tag: 'spawn',
    val: string,
  }
  export interface PermissionEnvironment {
    tag: 'environment',
    val: string,
  }
  export type PermissionResult = PermissionResultGranted | PermissionResultDenied;
  export interface PermissionResultGranted {
    tag: 'granted',
  }
  /**
   * Why not, for the operator.
   */
  export interface PermissionResultDenied {
    tag: 'denied',
    val: string,
  }
}
