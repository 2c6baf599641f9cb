/// <reference types="@airssys/guest/actor" />
// Of Acme: adds up the invoices in a folder, and leaves the sum there.
import type { ComponentMessage } from "airssys:core-component/component-lifecycle@1.0.0";
import { listDirectory, readFile, writeFile } from "airssys:ext-filesystem/filesystem@1.0.0";
import { bytesOf, payloadOf, rest, saidBy, textOf } from "./text.ts";

export const componentLifecycle = {
  ...rest,

  handleMessage({ payload }: ComponentMessage): Uint8Array {
    const folder = saidBy(payload);
    try {
      return payloadOf(sumUp(folder));
    } catch (error) {
      return payloadOf((error as { payload: { tag: string } }).payload.tag);
    }
  },
};

function sumUp(folder: string): string {
  const invoices = listDirectory(folder).filter(({ name }) => name.endsWith(".invoice"));
  const sum = invoices.reduce((total, { name }) => total + Number(textOf(readFile(`${folder}/${name}`))), 0);
  writeFile(`${folder}/sum.txt`, bytesOf(String(sum)));
  return `${invoices.length} invoices, ${sum} in all`;
}
