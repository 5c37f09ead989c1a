import { isAnsiAt } from "./ansi_text.ts";
import { isQuoteMark, type QuoteMark } from "./marked_text.ts";
import { readQuoted } from "./quoted_text.ts";
import { skip, skipBackslashes, skipBlanks } from "./skip.ts";

/** A word of a line. */
export interface Word {
  /** The word without its quoting. */
  readonly value: string;
  /** Where it begins in the line, opening quote included. */
  readonly start: number;
  /** Where it ends, closing quote included. */
  readonly end: number;
  /** The mark that it begins with, if any; `'` for `$'`. */
  readonly mark: QuoteMark | undefined;
  /** False when the line ended inside one of its quotes, which is then closed there. */
  readonly closed: boolean;
}

/** The words of one command of a line. */
export interface CommandWords {
  /** Where the command begins in the line, behind the `;` of the one before. */
  readonly start: number;
  /** Where its `;` or the end of the line is. */
  readonly end: number;
  readonly words: readonly Word[];
}

/**
 * Splits a line into commands at `;` and these into words at spaces, tabs and
 * line ends, all of them outside quotes; commands without words are listed too.
 * Quoted and unquoted parts that touch make one word. Outside quotes too, a run
 * of backslashes counts by pairs before a quote mark and means itself elsewhere.
 * Takes any text: a missing last quote is closed at the end.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const commands = tokenize(`rm a; ls "b c"*`);
 * assert.deepEqual(
 *   commands.map(({ words }) => words.map(({ value }) => value)),
 *   [["rm", "a"], ["ls", "b c*"]],
 * );
 * ```
 */
export function tokenize(line: string): readonly CommandWords[] {
  const commands: CommandWords[] = [];
  for (let start = 0;;) {
    const command = readWords(line, start, inCommand);
    commands.push(command);
    if (command.end === line.length) return commands;
    start = command.end + 1;
  }
}

/** The words of a line that is one command: `;` is a character like others. */
export function splitWords(line: string): readonly Word[] {
  return readWords(line, 0, inLine).words;
}

/** What means itself outside quotes. */
const inLine = /[^ \t\r\n'"\\]*/y;
const inCommand = /[^ \t\r\n'"\\;]*/y;

function readWords(line: string, start: number, plain: RegExp): CommandWords {
  const words: Word[] = [];
  for (let at = start;;) {
    at = skipBlanks(line, at);
    const word = readWord(line, at, plain);
    if (word.end === at) return { start, end: at, words };
    words.push(word);
    at = word.end;
  }
}

/** Reads the word at `start`; an empty one ends there when there is none. */
function readWord(line: string, start: number, plain: RegExp): Word {
  const isAnsi = isAnsiAt(line, start);
  const first = isAnsi ? "'" : line[start];
  const mark = isQuoteMark(first) ? first : undefined;
  let value = "";
  let closed = true;
  let at = start;
  for (;;) {
    if (isQuoteMark(line[at]) || (isAnsi && at === start)) {
      const quoted = readQuoted(line, at);
      value += quoted.value;
      closed = quoted.closed;
      at = quoted.end;
      continue;
    }
    const part = line[at] === "\\"
      ? readBackslashes(line, at)
      : readPlain(line, at, plain);
    if (part.end === at) return { value, start, end: at, mark, closed };
    value += part.value;
    at = part.end;
  }
}

interface Part {
  readonly value: string;
  readonly end: number;
}

function readPlain(line: string, at: number, plain: RegExp): Part {
  const end = skip(line, at, plain);
  return { value: line.slice(at, end), end };
}

function readBackslashes(line: string, at: number): Part {
  const end = skipBackslashes(line, at);
  const backslashes = line.slice(at, end);
  const next = line[end];
  if (!isQuoteMark(next)) return { value: backslashes, end };
  const half = backslashes.slice(0, Math.floor((end - at) / 2));
  return (end - at) % 2 === 0
    ? { value: half, end }
    : { value: half + next, end: end + 1 };
}
