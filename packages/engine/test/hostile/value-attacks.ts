import { DEFAULT_LIMITS, type InstanceLimits } from "../../src/index.ts";
import { type Attack, type Call, SHORT } from "./attack.ts";

/*
 * Attacks by the values that a guest gives and takes: they are read and written by code of the host.
 */

const PAGE = 65_536;
const MOST = 2 ** 32 - 1;

type Ending = Pick<Attack, "ends" | "error" | "limits">;

const TRAP: Ending = { ends: "ENGINE_COMPONENT_TRAP", error: { kind: "invalid-value" } };
const ANSWER: Ending = { ends: "answer" };

const IMPORTS = { "": { hear: (): void => undefined, hearBytes: (): void => undefined } };

const lying = (name: string, calls: readonly Call[], ending: Ending = TRAP): Attack => ({
  name,
  guest: "liar",
  calls,
  imports: IMPORTS,
  ...ending,
});

/** Pointers and lengths beyond a memory of one page, in every way there is. */
const BEYOND: readonly (readonly [how: string, at: number, length: number])[] = [
  ["that begins where the memory ends", PAGE, 1],
  ["that begins far outside", MOST - 7, 1],
  ["that ends one behind the end", PAGE - 16, 17],
  ["that is as long as can be", 64, MOST],
  ["whose end comes round to the beginning", MOST - 7, 64],
];

const beyond: readonly Attack[] = BEYOND.flatMap(([how, at, length]) =>
  ["give-text", "give-wide-text", "give-bytes", "give-words", "give-texts", "give-flags", "tell", "tell-bytes"].map(
    (call) => lying(`passes a value ${how}: ${call}`, [[call, at, length]]),
  ),
);

const malformed: readonly Attack[] = [
  lying("gives text that is no UTF-8", [
    ["poke", 64, 0xff],
    ["give-text", 64, 1],
  ]),
  lying("tells text that is half a character of UTF-8", [
    ["poke", 64, 0xe2],
    ["tell", 64, 1],
  ]),
  lying("gives text that is half a character of UTF-16", [
    ["poke", 64, 0xd800],
    ["give-wide-text", 64, 1],
  ]),
  lying("gives half a character", [["give-char", 0xd800]]),
  lying("gives a character that there is none of", [["give-char", 0x11_0000]]),
  lying("gives a case that there is none of", [["give-option", 2]]),
  lying("gives a list that is not aligned", [["give-words", 68, 1]]),
  lying("gives a value that begins outside", [["give-pair", PAGE]]),
  lying("gives a value that ends outside", [["give-pair", PAGE - 8]]),
];

const room: readonly Attack[] = [
  lying("traps when it is to make room", [["take-and-trap", "text"]], {
    ends: "ENGINE_COMPONENT_TRAP",
    error: { kind: "unreachable" },
  }),
  lying("makes room outside its memory", [
    ["prepare", PAGE],
    ["take-text", "text"],
  ]),
  lying("makes room far outside its memory", [
    ["prepare", MOST],
    ["take-text", "text"],
  ]),
  lying("makes room that ends outside its memory", [
    ["prepare", PAGE - 1],
    ["take-text", "text"],
  ]),
  lying("makes room for numbers outside its memory", [
    ["prepare", PAGE - 8],
    ["take-words", BigUint64Array.of(1n, 2n)],
  ]),
  lying("makes room for texts outside its memory", [
    ["prepare", PAGE - 8],
    ["take-texts", ["one", "two"]],
  ]),
  lying(
    "makes the same room twice",
    [
      ["prepare", 64],
      ["take-texts", ["one", "two"]],
    ],
    ANSWER,
  ),
  lying(
    "makes room at nothing",
    [
      ["prepare", 0],
      ["take-text", "text"],
    ],
    ANSWER,
  ),
  lying("grows while it makes room", [["take-and-grow", ["one", "two", "three"]]], ANSWER),
];

const LIMIT: Ending = { ends: "ENGINE_VALUE_LIMIT", error: { valueBytes: DEFAULT_LIMITS.valueBytes } };

const ALL_PAGES = 960;
const grown: Call = ["grow", ALL_PAGES - 1];

/** How many texts: the number is part of the text, so its bytes are characters. */
const [MANY, HALF_A_MILLION] = [0x01_70_70, 0x07_70_70];

/** Values that are as large as the whole memory, and far larger: a list can say the same bytes over and over. */
const GIANT: readonly (readonly [name: string, ...calls: readonly Call[]])[] = [
  ["a text of sixty megabytes, which is all it has", grown, ["give-text", 64, ALL_PAGES * PAGE - 64]],
  ["bytes of sixty megabytes, which is all it has", grown, ["give-bytes", 64, ALL_PAGES * PAGE - 64]],
  ["the same text over and over", ["repeat-texts", MANY, 1_000_000]],
  ["the same text half a million times", ["repeat-texts", HALF_A_MILLION, 100]],
  ["the same bytes over and over", ["repeat-bytes", 100_000, 1_000_000]],
  ["the same lists over and over", ["repeat-lists", 100_000, 100_000]],
  ["millions of empty texts", grown, ["give-texts", 64, 7_000_000]],
  ["millions of small values", grown, ["give-flags", 64, 60_000_000]],
  ["a large text to the host", grown, ["tell", 64, 60_000_000]],
  ["large bytes to the host", grown, ["tell-bytes", 64, 60_000_000]],
];

/** As large as it likes, for the guest's part: on a thread of its own there is still what may leave the thread, and what it may hold. */
const ANY_SIZE: InstanceLimits = { valueBytes: Number.MAX_SAFE_INTEGER };

const giant: readonly Attack[] = [
  ...GIANT.map(([name, ...calls]) => lying(`gives ${name}`, calls, LIMIT)),
  lying("gives bytes of fifteen megabytes", [grown, ["give-bytes", 0, 15_000_000]], ANSWER),
  lying("gives bytes of fifteen megabytes again and again", [grown, ["tell-again", 0, 15_000_000]], {
    limits: SHORT,
    ends: "ENGINE_DEADLINE_EXCEEDED",
  }),
  lying("gives a text of sixty megabytes, allowed to", [grown, ["give-text", 64, ALL_PAGES * PAGE - 64]], {
    limits: ANY_SIZE,
    ends: { shared: "answer", worker: "ENGINE_VALUE_TOO_LARGE" },
  }),
  lying("tells large bytes, allowed to", [grown, ["tell-bytes", 64, 60_000_000]], {
    limits: ANY_SIZE,
    ends: { shared: "answer", worker: "ENGINE_VALUE_TOO_LARGE" },
  }),
  lying("gives the same text half a million times, allowed to", [["repeat-texts", HALF_A_MILLION, 100]], {
    limits: ANY_SIZE,
    ends: { worker: "ENGINE_VALUE_TOO_LARGE" },
  }),
  // On the host's own thread this is the end of the process, which is why the limit is there.
  lying("gives the same bytes over and over, allowed to", [["repeat-bytes", 100_000, 1_000_000]], {
    limits: ANY_SIZE,
    ends: { worker: "ENGINE_WORKER_MEMORY" },
  }),
  lying("gives the same lists over and over, allowed to", [["repeat-lists", 100_000, 100_000]], {
    limits: ANY_SIZE,
    ends: { worker: "ENGINE_WORKER_MEMORY" },
  }),
];

export const VALUE_ATTACKS: readonly Attack[] = [...beyond, ...malformed, ...room, ...giant];
