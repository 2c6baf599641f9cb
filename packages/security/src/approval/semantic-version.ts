export const SEMANTIC_VERSION: RegExp =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Below 0 when the first is the older of two semantic versions, 0 when neither is: build metadata makes no version newer. */
export function compareVersions(one: string, other: string): number {
  const [coreOne, preOne] = partsOf(one);
  const [coreOther, preOther] = partsOf(other);
  const byCore = comparePartwise(coreOne, coreOther);
  if (byCore !== 0) return byCore;
  // A version comes after all that were released on the way to it.
  if (preOne.length === 0 || preOther.length === 0) return preOther.length - preOne.length;
  return comparePartwise(preOne, preOther) || preOne.length - preOther.length;
}

function partsOf(version: string): readonly [core: readonly string[], prerelease: readonly string[]] {
  const [released = ""] = version.split("+", 1);
  const dash = released.indexOf("-");
  if (dash < 0) return [released.split("."), []];
  return [released.slice(0, dash).split("."), released.slice(dash + 1).split(".")];
}

function comparePartwise(one: readonly string[], other: readonly string[]): number {
  for (const [index, part] of one.entries()) {
    const beside = other[index];
    if (beside === undefined) return 0;
    const difference = comparePart(part, beside);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numbers by their size, however many digits they have, and before words; words by their characters. */
function comparePart(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [one, other].map((part) => /^\d+$/.test(part));
  if (isNumber && isOtherNumber && one.length !== other.length) return one.length - other.length;
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
