import { describe, expect, it } from "vitest";
import { CapabilitySet } from "../../src/index.ts";
import { connect, file, messaging } from "../capability/requests.ts";

/** Everything is granted that can be, and then some of it is taken back. */
const set = new CapabilitySet();
for (const granted of [
  file("/data/**"),
  messaging("subscribe", "#"),
  messaging("send", "*/*"),
  connect("10.0.0.5:80"),
  connect("db.example.com:80"),
]) {
  set.grant(granted);
}
for (const revoked of [
  file("/data/pay/**"),
  messaging("subscribe", "pay.*"),
  messaging("send", "bank/*"),
  connect("10.0.0.5:80"),
]) {
  set.revoke(revoked);
}
const derived = set.derive("intersect");
for (const granted of [
  file("/**"),
  messaging("subscribe", "#"),
  messaging("send", "*/*"),
  connect("10.0.0.5:80"),
  connect("db.example.com:80"),
]) {
  derived.grant(granted);
}

describe("a way around what was taken back", () => {
  it.each([
    ["through what is granted around it", file("/data/pay/march")],
    ["through the folder itself", file("/data/pay")],
    ["through a subscription to everything", messaging("subscribe", "#")],
    ["through a subscription to any first segment", messaging("subscribe", "*.salaries")],
    ["through a subscription that is open at its end", messaging("subscribe", "pay.#")],
    ["through a subscription further down that is open", messaging("subscribe", "pay.salaries.#")],
    ["through an address in hexadecimals", connect("0x0a000005:80")],
    ["through an address in IPv6", connect("[::ffff:10.0.0.5]:80")],
    ["through a name that leads there", connect("db.example.com:80", "10.0.0.5")],
    ["through a component of another name", messaging("send", "bank/vault")],
  ])("%s is refused, in the set and in one derived from it", (_, request) => {
    expect([set.matches(request), derived.matches(request)]).toEqual([false, false]);
  });
});
