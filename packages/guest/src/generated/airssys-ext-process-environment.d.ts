// Generated from wit/ by `pnpm generate`. Do not edit.
declare module 'airssys:ext-process/environment@1.0.0' {
  /**
   * The value of a variable that `[capabilities.environment]` grants; none when it is not set or not granted.
   */
  export function get(name: string): string | undefined;
}
