const MOST: u32 = 1 << 18;
const numbers = new StaticArray<u32>(MOST);

/** Sorts n numbers that look random; answers with the sum of each times its place, or with 0 when they are not in order. */
export function quicksort(n: u32): u32 {
  let next: u32 = 42;
  for (let at: u32 = 0; at < n; at++) {
    next = next * 1664525 + 1013904223;
    numbers[at] = next;
  }
  sort(0, <i32>n - 1);
  let sum: u32 = numbers[0];
  for (let at: u32 = 1; at < n; at++) {
    if (numbers[at - 1] > numbers[at]) return 0;
    sum += numbers[at] * (at + 1);
  }
  return sum;
}

function sort(first: i32, last: i32): void {
  if (first >= last) return;
  const pivot = numbers[(first + last) >> 1];
  let low = first;
  let high = last;
  while (low <= high) {
    while (numbers[low] < pivot) low++;
    while (numbers[high] > pivot) high--;
    if (low > high) break;
    swap(low, high);
    low++;
    high--;
  }
  sort(first, high);
  sort(low, last);
}

function swap(one: i32, other: i32): void {
  const kept = numbers[one];
  numbers[one] = numbers[other];
  numbers[other] = kept;
}
