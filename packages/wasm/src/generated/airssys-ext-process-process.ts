// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:ext-process/process@1.0.0 **/
export type ProcessError = import('./airssys-core-types-types.ts').ProcessError;
/**
 * A value never begins with `-`, so that what comes from elsewhere cannot become an option.
 */
export type Argument = ArgumentValue | ArgumentOption;
export interface ArgumentValue {
  tag: 'value',
  val: string,
}
/**
 * Handed to the program like a value, whatever it begins with.
 */
export interface ArgumentOption {
  tag: 'option',
  val: string,
}
export interface ProcessConfig {
  /**
   * The absolute path of a program. No shell is involved, and no search path.
   */
  program: string,
  arguments: Array<Argument>,
  /**
   * All that the program finds in its environment, each name once. Needs `variables` for each.
   */
  environment: Array<[string, string]>,
  /**
   * An absolute path. Needs `list`. None is an empty directory of its own, which is removed afterwards.
   */
  directory?: string,
}
export type ExitStatus = ExitStatusExited | ExitStatusKilled;
export interface ExitStatusExited {
  tag: 'exited',
  val: number,
}
/**
 * By the name of the signal, such as `SIGKILL`.
 */
export interface ExitStatusKilled {
  tag: 'killed',
  val: string,
}
/**
 * # Variants
 * 
 * ## `"interrupt"`
 * 
 * ## `"terminate"`
 * 
 * ## `"hang-up"`
 */
export type Signal = 'interrupt' | 'terminate' | 'hang-up';

export declare class Child {
  /**
   * This type does not have a public constructor.
   */
  private constructor();
  static spawn(config: ProcessConfig): Child;
  /**
  * Writes all of it; an empty list closes the program's input.
  */
  writeStdin(bytes: Uint8Array): void;
  /**
  * What is there, at most `length` bytes; waits for the first one. Empty when the program has closed it.
  */
  readStdout(length: number, timeoutMillis: number): Uint8Array;
  readStderr(length: number, timeoutMillis: number): Uint8Array;
  wait(timeoutMillis: number): ExitStatus;
  kill(): void;
  signal(signal: Signal): void;
}
