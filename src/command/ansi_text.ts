import type { QuotedText } from "./marked_text.ts";

const opening = "$'";
const closing = "'";

const meanings: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["\\", "\\"],
  ["'", "'"],
]);

const letters: ReadonlyMap<string, string> = new Map(
  Array.from(meanings, ([letter, meaning]) => [meaning, letter]),
);

/**
 * Whether `text` has what a line can't show as it is: control characters, line
 * separators, marks that turn the direction of writing, lone surrogates.
 */
export function isUnprintable(text: string): boolean {
  return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text);
}

/** Whether a `$'…'` begins at `at`. */
export function isAnsiAt(text: string, at: number): boolean {
  return text.startsWith(opening, at);
}

/** Reads the `$'…'` that begins at `at`, by the rules in quoted_text.ts. Never throws. */
export function readAnsi(text: string, at: number): QuotedText {
  const special = /['\\]/g;
  let value = "";
  let from = at + opening.length;
  for (;;) {
    special.lastIndex = from;
    const next = special.exec(text)?.index;
    if (next === undefined) {
      return {
        value: value + text.slice(from),
        end: text.length,
        closed: false,
      };
    }
    value += text.slice(from, next);
    if (text[next] === closing) return { value, end: next + 1, closed: true };
    const [character, length] = readEscape(text, next);
    value += character;
    from = next + length;
  }
}

/** `text` as `$'…'`, all of it printable; {@link readAnsi} gives the same text back. */
export function writeAnsi(text: string): string {
  const escaped = text.replace(
    /[\\'\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    writeEscape,
  );
  return opening + escaped + closing;
}

/** What the backslash at `at` stands for together with what follows it, and their length. */
function readEscape(text: string, at: number): readonly [string, number] {
  const meaning = meanings.get(text.charAt(at + 1));
  if (meaning !== undefined) return [meaning, 2];
  const hex = /^\\u([0-9a-fA-F]{4})$/.exec(text.slice(at, at + 6))?.[1];
  if (hex !== undefined) return [String.fromCharCode(parseInt(hex, 16)), 6];
  return ["\\", 1];
}

function writeEscape(character: string): string {
  const letter = letters.get(character);
  if (letter !== undefined) return "\\" + letter;
  return "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
}
