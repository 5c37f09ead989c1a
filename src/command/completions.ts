import { commandNames } from "./parser.ts";
import { cronWord, zonePrefix } from "./parse_plan.ts";
import { quoteText, quoteWord } from "./quoted_text.ts";
import { tokenize, type Word } from "./tokenizer.ts";

/** What can stand in the place of the word that is being typed. */
export interface Completions {
  /** Where that word begins; it ends where the text does. */
  readonly from: number;
  /** Whole words, quoted where they need it. */
  readonly candidates: readonly string[];
}

export interface CompletionSources {
  /** Up to `limit` of the keys that begin with `prefix`. */
  listKeys(prefix: string, limit: number): Promise<readonly string[]>;
  /** The names of the actions. */
  listActions(): Promise<readonly string[]>;
}

/** More keys than anyone reads. */
const maxKeys = 100;

/**
 * What can come next when `before` is what stands before the cursor: command
 * names, keys for get, rm, ls and set, and for set what its words may be. No
 * candidates for free text. Rejects only when one of `sources` does.
 */
export async function findCompletions(
  before: string,
  sources: CompletionSources,
): Promise<Completions> {
  const commands = tokenize(before);
  const { words } = commands[commands.length - 1];
  const current = currentWord(words, before);
  const [name, ...rest] = words
    .filter(({ start }) => start < current.start)
    .map(({ value }) => value);
  const options = name === undefined
    ? commandNames
    : await findArguments([name, ...rest], current, sources);
  return {
    from: current.start,
    candidates: options.filter((option) => option.startsWith(current.value))
      .map((option) => writeCandidate(option, current)),
  };
}

/** The word that the text ends in, or an empty one behind a blank or a `;`. */
function currentWord(words: readonly Word[], before: string): Word {
  const end = before.length;
  const last = words[words.length - 1];
  if (last?.end === end) return last;
  return { value: "", start: end, end, mark: undefined, closed: true };
}

/** What the word behind `words` may be. */
async function findArguments(
  words: readonly string[],
  current: Word,
  sources: CompletionSources,
): Promise<readonly string[]> {
  const [name, ...rest] = words;
  const takesKey = ["get", "rm", "ls", "set"].includes(name);
  if (takesKey && rest.length === 0) {
    const keys = await sources.listKeys(current.value, maxKeys);
    return keys.slice(0, maxKeys);
  }
  if (name === "help" && rest.length === 0) return commandNames;
  return name === "set" ? await setWords(rest.slice(1), sources) : [];
}

/** What may follow when `words` are those between KEY and the cursor. */
async function setWords(
  words: readonly string[],
  sources: CompletionSources,
): Promise<readonly string[]> {
  const hasZone = words[0]?.startsWith(zonePrefix) ?? false;
  const behind = hasZone ? words.slice(1) : words;
  const isCron = behind[0] === cronWord;
  const actionIndex = isCron ? 2 : 6;
  if (behind.length === actionIndex) return await sources.listActions();
  if (behind.length > actionIndex) return [];
  if (isCron) return ["@hourly", "@daily", "@weekly", "@monthly", "@yearly"];
  if (behind.length > 0) return ["*", "*/"];
  return hasZone ? ["*", cronWord] : ["*", "*/", cronWord, zonePrefix];
}

/** Keeps the quote that was begun with. */
function writeCandidate(option: string, { mark }: Word): string {
  return mark === undefined ? quoteWord(option) : quoteText(option, mark);
}
