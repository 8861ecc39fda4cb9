/** The newest of a sorted list that is not later than a moment; -1 where none is. */
export function indexAt<Entry>(
  entries: readonly Entry[],
  moment: number,
  timeOf: (entry: Entry) => number,
): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && timeOf(entry) <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
