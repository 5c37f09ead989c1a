import type { Random } from "./random.ts";

/** A parser, and how inputs for it are made. */
export interface FuzzTarget<Input> {
  readonly name: string;
  /** Good inputs, from which others are made. */
  readonly seeds: readonly Input[];
  /** Something like `input`, that may have a part of another. */
  mutate(input: Input, random: Random, others: readonly Input[]): Input;
  /**
   * Has it parsed, and gives what came of it in a few words: an input whose
   * outcome is new is worth changing further. Throws what must not be.
   */
  run(input: Input): string | Promise<string>;
  /** As it can be pasted into a corpus file, which readInput() undoes. */
  show(input: Input): string;
  read(text: string): Input;
  /** Runs where nobody asks for more. */
  readonly usualRuns: number;
  /** Frees what it was run with. */
  end?(): Promise<void>;
}

/** What an error says, without the values in it. */
export function outcomeOf(error: unknown): string {
  const { name, message } = error as Error;
  return `${name} ${message}`
    .slice(0, 200)
    .replace(/"(?:[^"\\]|\\.)*(?:"|$)/g, '""')
    .replace(/-?\d+/g, "#");
}
