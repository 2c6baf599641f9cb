// Text of a guest on its way to an operator's eyes.

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Shows escaped what would end a line, move the cursor or turn the direction of writing: no text can pass for another. */
export function printable(text: string): string {
  return text.replaceAll(
    unprintable,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

const longestRemark = 200;

/** What a guest says of itself, such as why it refused, as far as it is fit to stand within a line. */
export function remark(text: string): string {
  return printable(shorten(text, longestRemark));
}

/** The beginning of a text that is longer than `length`, and a sign that there was more. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
