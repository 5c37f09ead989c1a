/**
 * A table of unsigned 32-bit cells, `width` to a row, that grows by chunks:
 * nothing is ever copied, so growing never stalls, and the garbage collector
 * sees one object for 65,536 rows.
 */
export class Columns {
  readonly width: number;
  readonly #chunks: (Uint32Array | undefined)[] = [];

  constructor(width: number) {
    this.width = width;
  }

  get(row: number, column: number): number {
    const chunk = this.#chunks[row >>> chunkBits];
    return chunk === undefined
      ? 0
      : chunk[(row & rowMask) * this.width + column];
  }

  /** Cells that were never set are 0; a chunk costs memory from its first set on. */
  set(row: number, column: number, value: number): void {
    this.chunkOf(row)[(row & rowMask) * this.width + column] = value;
  }

  /** The chunk that holds `row`, made when it is missing; its cells start at {@link cellOf}. */
  chunkOf(row: number): Uint32Array {
    const index = row >>> chunkBits;
    return this.#chunks[index] ??= new Uint32Array(
      this.width << chunkBits,
    );
  }

  /** Where the cells of `row` start in its chunk. */
  cellOf(row: number): number {
    return (row & rowMask) * this.width;
  }

  /** Sets all cells of `row` to 0 without making its chunk. */
  clear(row: number): void {
    const start = this.cellOf(row);
    this.#chunks[row >>> chunkBits]?.fill(0, start, start + this.width);
  }
}

/** How many rows a chunk of {@link Columns} holds. */
export const chunkRows = 1 << 16;
const chunkBits = 16;
const rowMask = chunkRows - 1;
