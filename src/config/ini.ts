import { quote } from "../core/quote.ts";

/** One `key = value` of an ini file. */
export interface IniEntry {
  /** In small letters. */
  readonly key: string;
  /** What the section above it is called; empty before all sections. */
  readonly section: string;
  /** Empty when nothing follows the key. */
  readonly value: string;
  /** 1 is the first. */
  readonly line: number;
}

/**
 * Reads an ini file as the first daemon did: lines of `key = value` or
 * `key: value` under lines of `[section]`, and lines of comment that begin with
 * `#` or `;`. Blanks around keys and values don't count; a value is everything
 * else up to the end of its line. `[global]` stands for the place before all
 * sections.
 * @throws {Error} with the number of the first line that is none of these, and
 * no more of it than its first word, since the rest may be a password
 */
export function parseIni(text: string): IniEntry[] {
  const entries: IniEntry[] = [];
  let section = "";
  for (const [index, untrimmed] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    // Trimming takes away a byte order mark, too.
    const content = untrimmed.trim();
    if (content === "" || /^[#;]/.test(content)) continue;
    if (content.startsWith("[")) {
      section = readSection(content, line);
    } else {
      entries.push({ ...readEntry(content, line), section, line });
    }
  }
  return entries;
}

function readSection(content: string, line: number): string {
  const match = /^\[\s*([\w.-]+)\s*\]$/.exec(content);
  if (match === null) {
    throw new Error(`line ${line} must be [section], got ${start(content)}`);
  }
  return match[1] === "global" ? "" : match[1];
}

function readEntry(
  content: string,
  line: number,
): Pick<IniEntry, "key" | "value"> {
  const match = /^([^\s=:]+)\s*(?:[=:]\s*(.*))?$/s.exec(content);
  if (match === null) {
    throw new Error(`line ${line} must be key = value, got ${start(content)}`);
  }
  return { key: match[1].toLowerCase(), value: match[2] ?? "" };
}

function start(content: string): string {
  const [word] = content.split(/[\s=:]/, 1);
  return quote(word === content ? word : `${word} …`);
}
