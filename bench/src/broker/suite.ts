import type { Workload } from "../workload.ts";
import { pubSub } from "./pub-sub.ts";
import { request } from "./request.ts";
import { send } from "./send.ts";
import { manyTopics, topics } from "./topics.ts";

export const workloads: readonly Workload[] = [pubSub, send, request, topics, manyTopics];
