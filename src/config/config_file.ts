import { nearestName } from "../core/nearest_name.ts";
import { quote } from "../core/quote.ts";
import type { Given } from "./given.ts";
import { type IniEntry, parseIni } from "./ini.ts";

/** A configuration file as it was read. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The values that a file gives, by the names in `known`: a key, with its section
 * and a dot before it when it has one. Keys without a value are left out.
 * @throws {Error} one line that names the file and the line, at what can't be
 * read, an unknown section or key, and a key that comes twice
 */
export function readConfigFile(
  { path, text }: ConfigFile,
  known: readonly string[],
): ReadonlyMap<string, Given> {
  const lines = new Map<string, number>();
  const values = new Map<string, Given>();
  try {
    for (const entry of parseIni(text)) {
      const { line, value } = entry;
      const name = nameOf(entry);
      const isKnown = known.includes(name) && keyOf(name) === entry.key;
      if (!isKnown) throw unknownKey(entry, known);
      const before = lines.get(name);
      if (before !== undefined) {
        throw new Error(
          `line ${line} gives ${name} again, after line ${before}`,
        );
      }
      lines.set(name, line);
      const origin = `${path} line ${line}`;
      if (value !== "") values.set(name, { value, origin });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} ${reason}`, { cause: error });
  }
  return values;
}

function nameOf({ section, key }: Pick<IniEntry, "section" | "key">): string {
  return section === "" ? key : `${section}.${key}`;
}

function unknownKey(
  { section, key, line }: IniEntry,
  known: readonly string[],
): Error {
  const sections = [...new Set(known.map(sectionOf))];
  if (!sections.includes(section)) {
    const hint = suggest(section, sections, (name) => `[${name}]`);
    const shown = quote(section).slice(1, -1);
    return new Error(
      `line ${line} is in an unknown section, [${shown}]${hint}`,
    );
  }
  const place = section === "" ? "" : ` in [${section}]`;
  const elsewhere = known.find((name) => keyOf(name) === key || name === key);
  const hint = elsewhere === undefined
    ? suggest(key, keysIn(section, known), quote)
    : `, it belongs ${placeOf(elsewhere)}`;
  return new Error(
    `line ${line} has an unknown key${place}, ${quote(key)}${hint}`,
  );
}

function suggest(
  text: string,
  names: readonly string[],
  show: (name: string) => string,
): string {
  const nearest = nearestName(text, names);
  return nearest ? `, did you mean ${show(nearest)}?` : "";
}

function keysIn(section: string, known: readonly string[]): readonly string[] {
  return known.filter((name) => sectionOf(name) === section).map(keyOf);
}

function sectionOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(".")));
}

function keyOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

function placeOf(name: string): string {
  const section = sectionOf(name);
  return section === "" ? "before all sections" : `in [${section}]`;
}
