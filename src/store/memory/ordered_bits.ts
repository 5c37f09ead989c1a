/**
 * A set of whole numbers that knows what comes next: a bit each, and above
 * them levels of bits that say which words below hold any. All steps are O(1);
 * memory that was never touched is not resident.
 */
export class OrderedBits {
  readonly #levels: Uint32Array[] = [];

  /** For numbers from 0 up to, but not including, `size`. */
  constructor(size: number) {
    let words = size;
    do {
      words = Math.ceil(words / 32);
      this.#levels.push(new Uint32Array(words));
    } while (words > 1);
  }

  add(value: number): void {
    let at = value;
    for (const level of this.#levels) {
      level[at >>> 5] |= 1 << (at & 31);
      at >>>= 5;
    }
  }

  delete(value: number): void {
    let at = value;
    for (const level of this.#levels) {
      level[at >>> 5] &= ~(1 << (at & 31));
      if (level[at >>> 5] !== 0) return;
      at >>>= 5;
    }
  }

  /** The smallest member that is `from` or more; undefined when there is none. */
  next(from: number): number | undefined {
    let at = from;
    for (let height = 0; height < this.#levels.length; height++) {
      const word = at >>> 5;
      const level = this.#levels[height];
      if (word >= level.length) return undefined;
      const members = level[word] & (-1 << (at & 31));
      if (members !== 0) return this.#lowest(height, word, members);
      at = word + 1;
    }
    return undefined;
  }

  /** The smallest number below the lowest of `members`, which are bits of `word`. */
  #lowest(height: number, word: number, members: number): number {
    let at = word * 32 + lowestBit(members);
    for (let level = height - 1; level >= 0; level--) {
      at = at * 32 + lowestBit(this.#levels[level][at]);
    }
    return at;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
