import type * as Metrics from "../generated/airssys-core-host-metrics.ts";
import type { HostInterface } from "./host-interface.ts";

/** `airssys:core-host/metrics`: numbers for the operator, under the component's own address. Granted to all. */
export const metrics: HostInterface = {
  name: "airssys:core-host/metrics@1.0.0",
  functions: ["counter", "gauge", "histogram"],
  refusal: () => undefined,
  prepare: ({ address, metrics: collected }) => {
    const functions: typeof Metrics = {
      counter: (name, labels, add) => collected.record(address, "counter", name, labels, add),
      gauge: (name, labels, value) => collected.record(address, "gauge", name, labels, value),
      histogram: (name, labels, value) => collected.record(address, "histogram", name, labels, value),
    };
    return functions;
  },
};
