import type { Capability } from "../capability/capability.ts";

/** Who asks for what. */
export interface AccessRequest {
  /** Component id, such as `shop/order-parser`. */
  readonly component: string;
  readonly capability: Capability;
  /** What else is known of the request, such as the tenant it serves. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export type Verdict =
  | { readonly effect: "allow"; readonly reason: string }
  | { readonly effect: "deny"; readonly reason: string }
  /** It is no business of this policy. */
  | { readonly effect: "abstain" };

/** One opinion among several. Whatever it throws is a refusal. */
export interface Policy {
  readonly name: string;
  readonly judge: (request: AccessRequest) => Verdict;
}
