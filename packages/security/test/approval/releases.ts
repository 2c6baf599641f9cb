import { digestOf, type Release } from "../../src/index.ts";
import { connect, file } from "../capability/requests.ts";

export const RELEASE: Release = {
  component: "shop/order-parser",
  version: "1.2.0",
  digest: digestOf(Buffer.from("code")),
  capabilities: [file("/data/in/**"), connect("api.example.com:443")],
};
