// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-capabilities-capabilities.d.ts" />
declare module 'airssys:core-capabilities/introspection@1.0.0' {
  /**
   * What was granted to this component.
   */
  export function granted(): RequestedPermissions;
  /**
   * Whether it would be allowed now. Nothing is done, and nothing is promised: a grant may end meanwhile.
   */
  export function check(permission: Permission): PermissionResult;
  export type Permission = import('airssys:core-capabilities/capabilities@1.0.0').Permission;
  export type PermissionResult = import('airssys:core-capabilities/capabilities@1.0.0').PermissionResult;
  export type RequestedPermissions = import('airssys:core-capabilities/capabilities@1.0.0').RequestedPermissions;
}
