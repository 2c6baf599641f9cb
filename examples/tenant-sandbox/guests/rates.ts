/// <reference types="@airssys/guest/actor" />
// Of Globex: asks one server for what a currency is worth.
import type { ComponentMessage } from "airssys:core-component/component-lifecycle@1.0.0";
import { request } from "airssys:ext-network/http@1.0.0";
import { payloadOf, rest, saidBy, textOf } from "./text.ts";

export const componentLifecycle = {
  ...rest,

  handleMessage({ payload }: ComponentMessage): Uint8Array {
    const url = saidBy(payload);
    const { status, body } = request({
      method: "GET",
      url,
      headers: [],
      body: new Uint8Array(),
      timeoutMillis: 1000,
      maxRedirects: 0,
    });
    return payloadOf(`${status}, ${textOf(body)}`);
  },
};
