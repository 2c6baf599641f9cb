import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentize } from "componentize-qjs";

/*
 * A guest that hands everything on: what its caller gives it goes to a function of the host of the same name, and what that gives back
 * goes to the caller. So each value crosses four times, twice in each direction.
 */

/** By the name of the function that hands it on. */
const TYPES: Readonly<Record<string, string>> = {
  "of-bool": "bool",
  "of-u8": "u8",
  "of-s16": "s16",
  "of-u32": "u32",
  "of-s64": "s64",
  "of-u64": "u64",
  "of-f32": "f32",
  "of-f64": "f64",
  "of-char": "char",
  "of-text": "string",
  "of-bytes": "list<u8>",
  "of-longs": "list<u64>",
  "of-texts": "list<string>",
  "of-person": "person",
  "of-people": "list<person>",
  "of-shape": "shape",
  "of-mood": "mood",
  "of-rights": "rights",
  "of-option": "option<u32>",
  "of-nested-option": "option<option<string>>",
  "of-results": "list<result<result<u32, string>, mood>>",
  "of-pair": "tuple<string, list<bool>>",
};

const functions = Object.entries(TYPES).map(([name, type]) => `  ${name}: func(v: ${type}) -> ${type};`);

/** A function whose result is the `result` itself answers with ok or error instead of a value. */
const WIT = `package test:mirror@1.0.0;
interface kinds {
  record person { full-name: string, age: u32, nickname: option<string>, likes: list<string> }
  variant shape { empty, circle(f64), named(person) }
  enum mood { very-good, bad }
  flags rights { can-read, can-write, all-of-it }
}
interface host {
  use kinds.{person, shape, mood, rights};
${functions.join("\n")}
  attempt: func(v: u32) -> result<u32, person>;
  resource counter {
    constructor(start: u32);
    add-some: func(amount: u32) -> u32;
    try-subtract: func(amount: u32) -> result<u32, string>;
    shared: static func() -> counter;
    merge: static func(a: counter, b: borrow<counter>) -> counter;
  }
  busiest: func(all: list<borrow<counter>>) -> u32;
}
interface mirror {
  use kinds.{person, shape, mood, rights};
  use host.{counter};
${functions.join("\n")}
  attempt: func(v: u32) -> result<u32, person>;
  count: func(start: u32, amounts: list<u32>) -> u32;
  subtract: func(amount: u32) -> result<u32, string>;
  keep: func(c: counter);
  give-back: func() -> option<counter>;
  merged: func() -> u32;
  resource account {
    constructor(owner: string);
    deposit: func(amount: u32) -> u32;
    owner: func() -> string;
    open-many: static func(owners: list<string>) -> list<account>;
  }
  richest: func(all: list<borrow<account>>) -> string;
}
world guest { import host; export mirror; }
`;

const SOURCE = `
import * as host from "test:mirror/host@1.0.0";
let kept;
class Account {
  #owner; #balance = 0;
  constructor(owner) { this.#owner = owner; }
  deposit(amount) { return (this.#balance += amount); }
  owner() { return this.#owner; }
  static openMany(owners) { return owners.map((owner) => new Account(owner)); }
  static balanceOf(account) { return account.#balance; }
}
const handOn = Object.fromEntries(${JSON.stringify([...Object.keys(TYPES), "attempt"])}.map((name) => {
  const property = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return [property, (v) => host[property](v)];
}));
export const mirror = {
  ...handOn,
  Account,
  count(start, amounts) {
    const counter = new host.Counter(start);
    let total = start;
    for (const amount of amounts) total = counter.addSome(amount);
    counter[Symbol.dispose]();
    return total;
  },
  subtract(amount) { return new host.Counter(10).trySubtract(amount); },
  keep(counter) { kept = counter; },
  giveBack() { const given = kept; kept = undefined; return given; },
  merged() {
    const merged = host.Counter.merge(new host.Counter(1), host.Counter.shared());
    return host.busiest([merged, new host.Counter(2)]);
  },
  richest(all) { return all.toSorted((a, b) => Account.balanceOf(b) - Account.balanceOf(a))[0].owner(); },
};
`;

export const HOST = "test:mirror/host@1.0.0";
export const MIRROR = "test:mirror/mirror@1.0.0";

/** The component. */
export async function mirrorGuest(): Promise<Uint8Array> {
  const directory = mkdtempSync(join(tmpdir(), "airssys-mirror-"));
  try {
    writeFileSync(join(directory, "guest.wit"), WIT);
    const { component } = await componentize({ witPath: directory, jsSource: SOURCE, sync: true });
    return component;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
