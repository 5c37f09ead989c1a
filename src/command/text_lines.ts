import { UnreadableText } from "./read_json.ts";

/** A line of a text; lines count from 1. */
export interface TextLine {
  readonly number: number;
  /** Why it can't be read, in the place of its text. */
  readonly text: string | UnreadableText;
}

/**
 * The lines of a text as they come, as many at a time as are there, without
 * blank ones. A line that is too long is the last: what is behind it is not read.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly TextLine[]> {
  const rest = new Rest();
  let number = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      const texts = decodeLines(rest.take(chunk.subarray(0, end - 1)));
      yield* numbered(texts, number);
      number += texts.length;
    }
    rest.add(chunk.subarray(end));
    if (rest.length <= maxLineBytes) continue;
    const message = `A line must have at most ${maxLineBytes} bytes`;
    yield [{ number: number + 1, text: new UnreadableText(message) }];
    return;
  }
  if (rest.length > 0) yield* numbered(decodeLines(rest.take(none)), number);
}

/** What came of a line whose end has not come. */
class Rest {
  #parts: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.length += bytes.length;
  }

  /** All of it with `end` behind it. */
  take(end: Uint8Array): Uint8Array {
    if (this.length === 0) return end;
    this.add(end);
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    this.length = 0;
    return whole;
  }
}

type LineText = TextLine["text"];

function* numbered(
  texts: readonly LineText[],
  before: number,
): Iterable<readonly TextLine[]> {
  for (let start = 0; start < texts.length; start += maxLinesAtOnce) {
    const lines: TextLine[] = [];
    const end = Math.min(start + maxLinesAtOnce, texts.length);
    for (let at = start; at < end; at++) {
      const text = texts[at];
      if (text instanceof UnreadableText || text.trim() !== "") {
        lines.push({ number: before + at + 1, text });
      }
    }
    yield lines;
  }
}

function decodeLines(bytes: Uint8Array): readonly LineText[] {
  try {
    return decoder.decode(bytes).split("\n");
  } catch {
    return splitBytes(bytes).map(decodeLine);
  }
}

function decodeLine(bytes: Uint8Array): LineText {
  try {
    return decoder.decode(bytes);
  } catch {
    return new UnreadableText("The line must be UTF-8");
  }
}

function splitBytes(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(newline, start);
    if (end < 0) break;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}

const decoder = new TextDecoder("utf-8", { fatal: true });
const newline = 10;
const none = new Uint8Array();
const maxLineBytes = 1024 * 1024;
/** Work on lines is done in steps of so many. */
const maxLinesAtOnce = 500;
