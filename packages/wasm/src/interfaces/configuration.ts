import type * as Configuration from "../generated/airssys-core-host-configuration.ts";
import type { HostInterface } from "./host-interface.ts";

/** `airssys:core-host/configuration`: the component's own `[config]` and nothing else. Granted when there is one. */
export const configuration: HostInterface = {
  name: "airssys:core-host/configuration@1.0.0",
  functions: ["get"],
  refusal: (manifest) => (manifest.config.length === 0 ? "Component.toml has no [config] to read" : undefined),
  prepare: ({ manifest }) => {
    const values = new Map(manifest.config);
    const functions: typeof Configuration = { get: (key) => values.get(key) };
    return functions;
  },
};
