import type * as Environment from "../generated/airssys-ext-process-environment.ts";
import type { HostInterface } from "./host-interface.ts";

/** `airssys:ext-process/environment`: the variables that `[capabilities.environment]` grants. */
export const environment: HostInterface = {
  name: "airssys:ext-process/environment@1.0.0",
  functions: ["get"],
  refusal: ({ capabilities }) =>
    capabilities.environment.variables.length === 0
      ? "Component.toml asks for no variables in [capabilities.environment]"
      : undefined,
  prepare: ({ access }) => {
    const functions: typeof Environment = { get: (name) => access.variable(name) };
    return functions;
  },
};
