import type { WasiOptions } from "../../src/index.ts";
import { WasiInstance } from "../../src/wasi/wasi-instance.ts";
import { wasiInterface } from "../../src/wasi/wasi.ts";

/** Calls a function of an interface as a guest would. */
export type GuestCall = (name: string, ...args: readonly unknown[]) => unknown;

/** An interface such as `cli/stdin`, as an instance with these options gets it. */
export function guestInterface(name: string, options: WasiOptions | WasiInstance = {}, release = "0.2.0"): GuestCall {
  const wasi = options instanceof WasiInstance ? options : new WasiInstance(options);
  const members = wasiInterface(`wasi:${name}@${release}`, wasi) ?? {};
  return (fn, ...args) => Reflect.apply(Reflect.get(members, fn), undefined, args);
}

/** The same value, when it is a resource of that class. */
export function resource<T>(type: abstract new (...args: never[]) => T, value: unknown): T {
  if (!(value instanceof type)) throw new TypeError(`expected a ${type.name}, found ${String(value)}`);
  return value;
}
