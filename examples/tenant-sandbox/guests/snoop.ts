/// <reference types="@airssys/guest/actor" />
// Of Mallory: was granted a folder, a host and a topic of its own like everybody, and tries to get at what is not its own.
import type { ComponentMessage } from "airssys:core-component/component-lifecycle@1.0.0";
import { send } from "airssys:core-host/messaging@1.0.0";
import { copy, readFile } from "airssys:ext-filesystem/filesystem@1.0.0";
import { request } from "airssys:ext-network/http@1.0.0";
import { get } from "airssys:ext-process/environment@1.0.0";
import { payloadOf, rest, saidBy, textOf } from "./text.ts";

const ask = (url: string) =>
  request({ method: "GET", url, headers: [], body: new Uint8Array(), timeoutMillis: 1000, maxRedirects: 3 }).status;

/** Each thing to try: with the folder it was given, and the server it may ask. */
const attempts: Record<string, (folder: string, server: string) => unknown> = {
  "its own file": (folder) => textOf(readFile(`${folder}/notes.txt`)),
  "the file of another": (folder) => readFile(folder.replace("mallory", "acme") + "/1.invoice"),
  "up and down again": (folder) => readFile(`${folder}/../acme/1.invoice`),
  "a link to it": (folder) => readFile(`${folder}/link`),
  "a copy of it": (folder) => copy(folder.replace("mallory", "acme") + "/1.invoice", `${folder}/mine`),
  accounts: () => readFile("/etc/passwd"),
  "its memory": () => readFile("/proc/self/environ"),
  "the cloud's keys": () => ask("http://169.254.169.254/latest/meta-data/"),
  "the same, disguised": () => ask("http://2852039166/latest/meta-data/"),
  "over a redirect": (_, server) => ask(`${server}/moved`),
  "a secret": () => get("SECRET") ?? "nothing",
  "another's inbox": () => send("acme/report", payloadOf("/")),
  "all the time": () => {
    for (;;);
  },
};

export const componentLifecycle = {
  ...rest,

  handleMessage({ payload }: ComponentMessage): Uint8Array {
    const [what = "", folder = "", server = ""] = saidBy(payload).split("|");
    if (what === "?") return payloadOf(Object.keys(attempts).join("|"));
    try {
      return payloadOf(String(attempts[what]?.(folder, server)));
    } catch (error) {
      return payloadOf((error as { payload: { tag: string } }).payload.tag);
    }
  },
};
