import type * as Logging from "../generated/airssys-core-host-logging.ts";
import type { HostInterface } from "./host-interface.ts";

/** `airssys:core-host/logging`: lines for the operator, each with the component that wrote it. Granted to all. */
export const logging: HostInterface = {
  name: "airssys:core-host/logging@1.0.0",
  functions: ["log"],
  refusal: () => undefined,
  prepare: ({ address, context, writeLog }) => {
    const functions: typeof Logging = {
      log(level, message, fields) {
        writeLog({ component: address, correlationId: context.envelope?.correlationId, level, message, fields });
      },
    };
    return functions;
  },
};
