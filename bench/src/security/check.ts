import { type Capability, CapabilitySet } from "@airssys/security";
import picomatch from "picomatch";
import type { Subject, TimedWorkload } from "../workload.ts";

/** Requests that take turns, so that no check is of the same path as the one before. */
const REQUESTS = 100;

/** The folder that is granted to one of many. */
function folderOf(number: number): string {
  return `/data/tenant-${number}/in`;
}

/** Paths in some of so many folders, not one behind the other. */
function pathsFor(grants: number): readonly string[] {
  return Array.from(
    { length: REQUESTS },
    (_, index) => `${folderOf((index * 7919) % grants)}/orders/2026-${index}.csv`,
  );
}

type Checks = (grants: number) => ((path: string) => boolean)[];

/** One function for each path, made beforehand: what is asked about is not what is measured. */
function subject(name: string, grants: number, checksFor: Checks, operations?: number): Subject {
  return {
    name,
    operations,
    open: async () => {
      const paths = pathsFor(grants);
      const checks = checksFor(grants);
      return {
        run: async (count) => {
          let granted = 0;
          for (let done = 0; done < count; done += 1) {
            const at = done % REQUESTS;
            if (checks[at]?.(paths[at] ?? "") === true) granted += 1;
          }
          return granted;
        },
        close: async () => undefined,
      };
    },
  };
}

const airssys: Checks = (grants) => {
  const set = new CapabilitySet();
  for (let number = 0; number < grants; number += 1) {
    set.grant({ kind: "file", action: "read", path: `${folderOf(number)}/**` });
  }
  return pathsFor(grants).map((path) => {
    const request: Capability = { kind: "file", action: "read", path };
    return () => set.matches(request);
  });
};

/** A list of patterns, asked one by one until one matches. */
const patterns: Checks = (grants) => {
  const matchers = Array.from({ length: grants }, (_, number) => picomatch(`${folderOf(number)}/**`, { dot: true }));
  return pathsFor(grants).map(() => (path) => matchers.some((matches) => matches(path)));
};

/** Whether the path is one of a set of paths: no patterns, no rules. */
const exact: Checks = (grants) => {
  const known = new Set(pathsFor(grants));
  return pathsFor(grants).map(() => (path) => known.has(path));
};

/** Operations are checks of whether a file may be read, all of them granted, with so many folders granted. */
function checking(grants: number, peerOperations: number): TimedWorkload {
  return {
    suite: "security",
    name: `check-${grants}`,
    unit: "ns",
    operations: 100_000,
    multiple: REQUESTS,
    subjects: [
      subject("airssys", grants, airssys),
      subject("picomatch", grants, patterns, peerOperations),
      subject("limit", grants, exact),
    ],
  };
}

export const checkOne: TimedWorkload = checking(1, 100_000);
export const checkHundred: TimedWorkload = checking(100, 10_000);
export const checkTenThousand: TimedWorkload = checking(10_000, 200);
