import type * as Logging from "../generated/airssys-core-host-logging.ts";
import { shorten } from "../printable.ts";
import type { HostInterface } from "./host-interface.ts";

/** What is longer is cut: a guest's line must cost the operator no more than a line. */
const longest = { message: 8192, fields: 32, name: 64, value: 1024 } as const;

/** `airssys:core-host/logging`: lines for the operator, each with the component that wrote it. Granted to all. */
export const logging: HostInterface = {
  name: "airssys:core-host/logging@1.0.0",
  functions: ["log"],
  refusal: () => undefined,
  prepare: ({ address, context, writeLog }) => {
    const functions: typeof Logging = {
      log(level, message, fields) {
        writeLog({
          component: address,
          correlationId: context.envelope?.correlationId,
          level,
          message: shorten(message, longest.message),
          fields: fields
            .slice(0, longest.fields)
            .map(([name, value]) => [shorten(name, longest.name), shorten(value, longest.value)]),
        });
      },
    };
    return functions;
  },
};
