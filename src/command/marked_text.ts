/** What encloses a quoted text. */
export type QuoteMark = "'" | '"';

/** A quoted text that was read out of a longer one. */
export interface QuotedText {
  /** The text without its quoting. */
  readonly value: string;
  /** Where the longer text goes on, behind the closing mark. */
  readonly end: number;
  /** False when the input ended first; the value then reaches to that end. */
  readonly closed: boolean;
}

/** Whether `character` is `'` or `"`. */
export function isQuoteMark(
  character: string | undefined,
): character is QuoteMark {
  return character === "'" || character === '"';
}

/** Reads the text whose opening mark is at `at`, by the rules in quoted_text.ts. Never throws. */
export function readMarked(text: string, at: number): QuotedText {
  const mark = text[at];
  let value = "";
  for (let from = at + 1;;) {
    const next = text.indexOf(mark, from);
    if (next < 0) {
      return {
        value: value + text.slice(from),
        end: text.length,
        closed: false,
      };
    }
    const piece = text.slice(from, next);
    const backslashes = countLastBackslashes(piece);
    value += piece.slice(0, piece.length - Math.ceil(backslashes / 2));
    if (backslashes % 2 === 0) return { value, end: next + 1, closed: true };
    value += mark;
    from = next + 1;
  }
}

/** `text` between two of `mark`; {@link readMarked} gives the same text back. */
export function writeMarked(text: string, mark: QuoteMark): string {
  const pieces = text.split(mark).map((piece) =>
    piece + "\\".repeat(countLastBackslashes(piece))
  );
  return mark + pieces.join("\\" + mark) + mark;
}

/** A loop, since a regular expression for it takes quadratic time on long runs. */
function countLastBackslashes(text: string): number {
  let start = text.length;
  while (start > 0 && text[start - 1] === "\\") start--;
  return text.length - start;
}
