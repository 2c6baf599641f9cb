import { matchesComponent } from "@airssys/security";
import type * as Directory from "../generated/airssys-core-host-directory.ts";
import type { HostInterface } from "./host-interface.ts";

/** `airssys:core-host/directory`: the components that this one has to do with, and no others. Granted to all. */
export const directory: HostInterface = {
  name: "airssys:core-host/directory@1.0.0",
  functions: ["list-components", "get-component-metadata"],
  refusal: () => undefined,
  prepare: ({ manifest, context, directory: installed }) => {
    const { send, receiveFrom } = manifest.capabilities.messaging;
    const known = [...send, ...receiveFrom];
    const isKnown = (address: string): boolean => known.some((pattern) => matchesComponent(pattern, address));
    const functions: typeof Directory = {
      listComponents: () =>
        installed
          .addresses()
          .filter(isKnown)
          .flatMap((address) => installed.idOf(address) ?? []),
      getComponentMetadata(address) {
        const entry = isKnown(address) ? installed.describe(address) : undefined;
        return entry && { ...entry, isRunning: context.system.registry.lookup(address) !== undefined };
      },
    };
    return functions;
  },
};
