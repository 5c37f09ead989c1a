/** The rows of a list, unless they are so many that going through them takes long. */
export function fewOf(rows: Iterable<number>): readonly number[] | undefined {
  const few: number[] = [];
  for (const row of rows) {
    if (few.length === fewRows) return undefined;
    few.push(row);
  }
  return few;
}

/** So many links are followed in one go. */
const fewRows = 1 << 15;
