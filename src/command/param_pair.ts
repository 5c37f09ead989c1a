import { isQuoteMark } from "./marked_text.ts";
import { isQuotedAt, readQuoted } from "./quoted_text.ts";
import { skip, skipBackslashes, skipBlanks, trimBlanks } from "./skip.ts";

/** One `name=value` of PARAMS. */
export interface ParamPair {
  readonly kind: "pair";
  readonly name: string;
  readonly value: string;
  readonly start: number;
  /** Where the `;` behind it or the end of the text is. */
  readonly end: number;
  readonly isNameQuoted: boolean;
  readonly isValueQuoted: boolean;
}

/** What stands where a pair should. */
export interface GarbledPair {
  readonly kind: "garbled";
  /** As it was written, up to the next `;`. */
  readonly text: string;
  readonly start: number;
}

/**
 * Reads PARAMS pair by pair, up to the first thing that isn't one; empty ones,
 * as in `a=1;;b=2;`, are passed over.
 *
 * A name is quoted, or has no blanks, quotes, `=` and `;`. A value that is one
 * quoted text from end to end stands for what is in the quotes. Any other
 * value is taken as it is written, without the blanks around it: it goes on to
 * the next `;` that isn't between two quotes. So `cmd=grep 'a;b' f` keeps its
 * quotes for the shell, and a lone apostrophe is a character.
 */
export function* readPairs(text: string): Generator<ParamPair | GarbledPair> {
  for (let at = skipBlanks(text, 0); at < text.length;) {
    if (text[at] === ";") {
      at = skipBlanks(text, at + 1);
      continue;
    }
    const pair = readPair(text, at);
    yield pair;
    if (pair.kind === "garbled") return;
    at = pair.end;
  }
}

interface Part {
  readonly value: string;
  readonly end: number;
  readonly isQuoted: boolean;
}

function readPair(text: string, start: number): ParamPair | GarbledPair {
  const name = readName(text, start);
  const equals = skipBlanks(text, name.end);
  if (text[equals] !== "=" || name.end === start) {
    const end = text.indexOf(";", start);
    const garbled = text.slice(start, end < 0 ? text.length : end);
    return { kind: "garbled", text: trimBlanks(garbled), start };
  }
  const value = readValue(text, skipBlanks(text, equals + 1));
  return {
    kind: "pair",
    name: name.value,
    value: value.value,
    start,
    end: value.end,
    isNameQuoted: name.isQuoted,
    isValueQuoted: value.isQuoted,
  };
}

function readName(text: string, start: number): Part {
  if (isQuotedAt(text, start)) {
    return { ...readQuoted(text, start), isQuoted: true };
  }
  const end = skip(text, start, /[^=;'" \t\r\n]*/y);
  return { value: text.slice(start, end), end, isQuoted: false };
}

function readValue(text: string, start: number): Part {
  if (isQuotedAt(text, start)) {
    const { value, end } = readQuoted(text, start);
    const behind = skipBlanks(text, end);
    if (behind === text.length || text[behind] === ";") {
      return { value, end: behind, isQuoted: true };
    }
  }
  const end = findEnd(text, start);
  return { value: trimBlanks(text.slice(start, end)), end, isQuoted: false };
}

/** The next `;` that isn't between two quotes, else the end. */
function findEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    at = skip(text, at, /[^;'"\\]*/y);
    if (at === text.length || text[at] === ";") return at;
    if (isQuoteMark(text[at])) {
      const { end, closed } = readQuoted(text, at);
      at = closed ? end : at + 1;
    } else {
      const end = skipBackslashes(text, at);
      const isEscape = (end - at) % 2 === 1 && isQuoteMark(text[end]);
      at = isEscape ? end + 1 : end;
    }
  }
}
