import { isAnsiAt, isUnprintable, readAnsi, writeAnsi } from "./ansi_text.ts";
import {
  isQuoteMark,
  type QuotedText,
  type QuoteMark,
  readMarked,
  writeMarked,
} from "./marked_text.ts";

/*
 * One kind of quoting serves for words and, one level further in, for the
 * values of PARAMS:
 *
 *   'text' "text"   A backslash means itself, except in a run of backslashes
 *                   that touches the enclosing mark: there every pair is one
 *                   backslash, and an odd one makes the mark part of the text.
 *                   So '\d', 'C:\new' and 'a\\b' are what they look like,
 *                   'it\'s' is it's, and 'C:\\' is C:\.
 *   $'text'         \n \r \t \\ \' and \uXXXX stand for one character each,
 *                   much as in POSIX.1-2024; any other backslash means itself.
 *                   Written only for text that would not stay on one line.
 *
 * Each level is undone on its own, which gives deeper nesting its meaning: in
 * 'a=\'b\\\'c\'' the outer level leaves a='b\'c' and the inner one b'c.
 */

/** Whether a quoted text begins at `at`. */
export function isQuotedAt(text: string, at: number): boolean {
  return isQuoteMark(text[at]) || isAnsiAt(text, at);
}

/** Reads the quoted text that begins at `at`, where {@link isQuotedAt} holds. Never throws. */
export function readQuoted(text: string, at: number): QuotedText {
  return isAnsiAt(text, at) ? readAnsi(text, at) : readMarked(text, at);
}

/**
 * `text` quoted, on one line whatever it holds: with `mark`, or as `$'…'` when
 * it has characters that a line can't show. {@link readQuoted} gives the same
 * text back.
 */
export function quoteText(text: string, mark: QuoteMark): string {
  return isUnprintable(text) ? writeAnsi(text) : writeMarked(text, mark);
}

/** `text` as one word of a command line: as it is where that is safe, else quoted with `'`. */
export function quoteWord(text: string): string {
  const isPlain = /^[^\s'";#][^\s'";]*$/.test(text) && !isUnprintable(text);
  return isPlain ? text : quoteText(text, "'");
}
