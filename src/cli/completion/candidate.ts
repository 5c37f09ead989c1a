/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly value: string;
  /** What it is, in a few words; empty when it speaks for itself. */
  readonly about: string;
}

/** What may stand there; `files` leaves it to the shell. */
export type WordCompletions = readonly Candidate[] | "files";

/** Candidates that speak for themselves. */
export function plain(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, about: "" }));
}

/** More keys than anyone reads. */
export const maxKeys = 100;
