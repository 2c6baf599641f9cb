import type { Attack, Call } from "./attack.ts";

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

export const VALUE_ATTACKS: readonly Attack[] = [...beyond, ...malformed, ...room];
