// Makes the page of each WIT package out of its comments, for those who write guests.

interface Entry {
  readonly comment: readonly string[];
  readonly lines: readonly string[];
}

/** The first line of an item's code, up to where its name ends. */
const ITEM =
  /^(?:interface|world|record|variant|enum|flags|resource|type|use|include|import|export|package|%?[a-z][a-z0-9-]*:)/;

/** A page in Markdown: each interface under a heading of its own, its functions first, its types as they are written. */
export function witPage(source: string): string {
  const [head, ...interfaces] = entriesOf(source.split("\n"), 0);
  if (head === undefined) return "";
  const name = /^package (.*);$/.exec(head.lines[0] ?? "")?.[1] ?? "";
  return [`# ${name}`, head.comment.join("\n"), ...interfaces.map(interfaceSection)].join("\n\n") + "\n";
}

function interfaceSection({ comment, lines }: Entry): string {
  const name = /^(?:interface|world) (\S+) \{$/.exec(lines[0] ?? "")?.[1] ?? "";
  const items = entriesOf(lines.slice(1, -1), 2).filter(({ lines: [first = ""] }) => !first.startsWith("use "));
  const functions = items.filter(isFunction);
  const types = items.filter((item) => !isFunction(item));
  return [`## ${name}`, comment.join("\n"), ...functions.map(functionSection), ...typesSection(types)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function functionSection({ comment, lines }: Entry): string {
  const name = /^%?([a-z0-9-]+):/.exec(lines[0] ?? "")?.[1] ?? "";
  return [`### ${name}`, fenced(lines), comment.join("\n")].filter((part) => part !== "").join("\n\n");
}

/** Their comments stay inside, next to the fields and cases that they are about. */
function typesSection(types: readonly Entry[]): readonly string[] {
  if (types.length === 0) return [];
  const written = types.map(({ comment, lines }) => [...comment.map((line) => `/// ${line}`), ...lines].join("\n"));
  return ["### Types", fenced([written.join("\n\n")])];
}

function isFunction({ lines: [first = ""] }: Entry): boolean {
  return /^%?[a-z0-9-]+: func\(/.test(first);
}

function fenced(lines: readonly string[]): string {
  return ["```wit", ...lines, "```"].join("\n");
}

/** The items at one depth, each with the comment above it and all lines that belong to it, moved to the margin. */
function entriesOf(lines: readonly string[], indent: number): readonly Entry[] {
  const entries: Entry[] = [];
  let comment: string[] = [];
  let body: string[] = [];
  for (const line of lines.map((each) => each.slice(indent))) {
    if (body.length === 0 && line.startsWith("///")) comment.push(line.slice(4));
    else if (body.length > 0 || ITEM.test(line)) body.push(line);
    if (body.length > 0 && isEnd(line)) {
      entries.push({ comment, lines: body });
      [comment, body] = [[], []];
    }
  }
  return entries;
}

/** Whether an item is over with this line: it has one line, or this one closes it. */
function isEnd(line: string): boolean {
  return /^\S.*[;}]$/.test(line) || line === "}" || line === "};";
}
