// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-capabilities/introspection@1.0.0 **/
/**
 * What was granted to this component.
 */
export declare function granted(): RequestedPermissions;
/**
 * Whether it would be allowed now. Nothing is done, and nothing is promised: a grant may end meanwhile.
 */
export declare function check(permission: Permission): PermissionResult;
export type Permission = import('./airssys-core-capabilities-capabilities.ts').Permission;
export type PermissionResult = import('./airssys-core-capabilities-capabilities.ts').PermissionResult;
export type RequestedPermissions = import('./airssys-core-capabilities-capabilities.ts').RequestedPermissions;
