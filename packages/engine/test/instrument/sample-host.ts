import type { HostImports } from "../../src/index.ts";
import { lowerCamelCase, parseFunctionName, upperCamelCase } from "../../src/wit/wit-name.ts";
import {
  returnsResult,
  type WitFunction,
  type WitHandle,
  type WitInterface,
  type WitWorld,
} from "../../src/wit/wit-type.ts";
import { SampleValues } from "./sample-values.ts";

/** What stands for a resource of the host. */
interface ResourceClass {
  new (): object;
  readonly prototype: object;
}

/** A host that answers everything that a world imports with samples, and notes what was called. WASI is left to the engine. */
export class SampleHost {
  readonly imports: HostImports;
  readonly samples: SampleValues;
  readonly #world: WitWorld;
  readonly #calls: string[];
  readonly #classes = new Map<string, ResourceClass>();

  constructor(world: WitWorld, calls: string[]) {
    this.#world = world;
    this.#calls = calls;
    this.samples = new SampleValues(world.types, (handle) => this.#resource(handle));
    const interfaces = world.imports.filter(({ name }) => !name.startsWith("wasi:"));
    this.imports = Object.fromEntries(interfaces.map((entry) => [entry.name, this.#interface(entry)]));
  }

  #interface({ name, functions, resources }: WitInterface): object {
    const members: Record<string, unknown> = {};
    for (const resource of resources) members[upperCamelCase(resource)] = this.#classFor(name, resource);
    for (const fn of functions) {
      const parsed = parseFunctionName(fn.name);
      if (parsed.kind === "constructor") continue;
      const answering = this.#answering(fn);
      if (parsed.kind === "function") members[fn.name] = answering;
      else {
        const of = this.#classFor(name, parsed.resource);
        const holder = parsed.kind === "static" ? of : of.prototype;
        Object.defineProperty(holder, lowerCamelCase(parsed.name), { value: answering });
      }
    }
    return members;
  }

  #answering(fn: WitFunction): (...args: readonly unknown[]) => unknown {
    const { types } = this.#world;
    const result = typeof fn.result === "number" ? types[fn.result] : undefined;
    const returned = result?.kind === "result" && returnsResult(fn, types) ? result.ok : fn.result;
    return (...args) => {
      this.#calls.push(`${fn.name} ${args.map(inShort).join()}`);
      return this.samples.of(returned);
    };
  }

  #classFor(interfaceName: string, resource: string): ResourceClass {
    const key = `${interfaceName} ${resource}`;
    const known = this.#classes.get(key) ?? Object(function ofTheHost(): void {});
    this.#classes.set(key, known);
    return known;
  }

  #resource({ resource }: WitHandle): object {
    return new (this.#classFor(resource?.interface ?? "", resource?.name ?? ""))();
  }
}

function inShort(value: unknown): string {
  return typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
}
