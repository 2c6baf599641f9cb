// Measures one workload and sends the times to the process that started this one.
import { measure } from "./measure.ts";
import { suites } from "./suites.ts";

const [suite = "", name = "", rounds, share] = process.argv.slice(2);
const workload = (await suites.get(suite)?.())?.find((one) => one.name === name);
if (workload === undefined) throw new Error(`suite ${suite} has no workload ${name}`);
const times = await measure(workload, { rounds: Number(rounds), share: Number(share) });
process.send?.(times, undefined, undefined, () => process.disconnect());
