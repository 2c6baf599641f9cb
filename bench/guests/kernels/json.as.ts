const MOST: u32 = 1 << 20;
const text = new StaticArray<u8>(MOST);
let length: u32 = 0;
let at: u32 = 0;
let sum: u32 = 0;

/** Reads a JSON text of n records: the sum of its numbers, of the lengths of its strings, and of its objects and lists. */
export function json(n: u32): u32 {
  length = 0;
  write("[");
  for (let record: u32 = 0; record < n; record++) {
    if (record > 0) write(",");
    write('{"id": ');
    writeNumber(record);
    write(', "name": "record \\"');
    writeNumber(record * 7919);
    write('\\"", "tags": [true, false, null, -12.5e1], "parent": {"id": ');
    writeNumber(record >> 1);
    write("}}");
  }
  write("]");
  at = 0;
  sum = 0;
  value();
  return sum;
}

function write(part: string): void {
  for (let index = 0; index < part.length; index++) text[length++] = <u8>part.charCodeAt(index);
}

function writeNumber(number: u32): void {
  if (number > 9) writeNumber(number / 10);
  text[length++] = <u8>(48 + (number % 10));
}

function value(): void {
  skipSpace();
  const first = text[at];
  if (first == 0x7b) object();
  else if (first == 0x5b) list();
  else if (first == 0x22) quoted();
  else if (first == 0x2d || isDigit(first)) number();
  else word();
}

function object(): void {
  sum++;
  expect(0x7b);
  while (text[at] != 0x7d) {
    skipSpace();
    quoted();
    skipSpace();
    expect(0x3a);
    value();
    skipSpace();
    if (text[at] == 0x2c) at++;
  }
  at++;
}

function list(): void {
  sum++;
  expect(0x5b);
  while (text[at] != 0x5d) {
    value();
    skipSpace();
    if (text[at] == 0x2c) at++;
  }
  at++;
}

function quoted(): void {
  expect(0x22);
  while (text[at] != 0x22) {
    if (text[at] == 0x5c) at++;
    at++;
    sum++;
  }
  at++;
}

function number(): void {
  const isNegative = text[at] == 0x2d;
  if (isNegative) at++;
  let whole = digits();
  if (text[at] == 0x2e) {
    at++;
    whole = whole * 10 + digits();
  }
  if (text[at] == 0x65) {
    at++;
    for (let power = digits(); power > 1; power--) whole *= 10;
  }
  sum += isNegative ? 0 - whole : whole;
}

function digits(): u32 {
  let found: u32 = 0;
  while (isDigit(text[at])) found = found * 10 + (text[at++] - 48);
  return found;
}

function word(): void {
  const from = at;
  while (text[at] >= 0x61 && text[at] <= 0x7a) at++;
  if (at == from) unreachable();
}

function expect(character: u8): void {
  if (text[at] != character) unreachable();
  at++;
}

function skipSpace(): void {
  while (text[at] == 0x20) at++;
}

function isDigit(character: u8): bool {
  return character >= 48 && character <= 57;
}
