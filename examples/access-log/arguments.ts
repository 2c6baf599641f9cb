import { parseArgs } from "node:util";

const usage =
  "usage: npm start -- [FILE | -] [--json]   (no FILE: a sample; -: standard input; see examples/access-log)";

export interface Arguments {
  readonly file: string | undefined;
  readonly json: boolean;
}

/** Ends the process with the usage when the arguments make no sense, or ask for help. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const options = { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (positionals.length > 1) throw new Error(`one file at a time, not ${positionals.join(" ")}`);
    return { file: positionals[0], json: values.json };
  } catch (error) {
    return exitWith(error, usage);
  }
}

/** Says in one line what is wrong, and ends the process. */
export function exitWith(error: unknown, hint = ""): never {
  console.error(`access-log: ${error instanceof Error ? error.message : String(error)}`);
  if (hint !== "") console.error(hint);
  process.exit(2);
}
