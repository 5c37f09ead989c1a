import type { LineResult } from "./run_line.ts";

/** Where lines come from, and what is done with them. */
export interface LineSource {
  readonly lines: AsyncIterable<string>;
  /** Shows that a line is wanted. */
  ask(): void;
  run(line: string): Promise<LineResult>;
}
