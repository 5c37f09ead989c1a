import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import {
  type CompletionSources,
  findCompletions,
} from "../../command/completions.ts";
import { quoteWord } from "../../command/quoted_text.ts";
import {
  type Candidate,
  maxKeys,
  plain,
  type WordCompletions,
} from "./candidate.ts";
import { flagValues } from "./flag_values.ts";
import { shells } from "./scripts.ts";

/** Where a command line has come to. */
export interface CommandPlace {
  readonly command: CommandUnknownOpts;
  /** Words that are neither flags nor their values, behind the command's name. */
  readonly operands: readonly string[];
  /** The flag whose value comes next, if any. */
  readonly flag: Flag | undefined;
  /** Values of flags, by their names without dashes. */
  readonly given: ReadonlyMap<string, string>;
}

type Flag = CommandUnknownOpts["options"][number];

/** Follows the words of a command line, all but the one that is being typed. */
export function findPlace(
  program: CommandUnknownOpts,
  words: readonly string[],
): CommandPlace {
  let command = program;
  let operands: string[] = [];
  let flag: Flag | undefined;
  const given = new Map<string, string>();
  for (const word of words) {
    if (flag !== undefined) {
      given.set(flag.name(), word);
      flag = undefined;
    } else if (word.startsWith("-")) {
      const [name, value] = word.split(/=(.*)/s, 2);
      const known = command.options.find(({ long, short }) =>
        name === long || name === short
      );
      if (known && value !== undefined) given.set(known.name(), value);
      else if (known?.required) flag = known;
    } else {
      const next = command === program && operands.length === 0
        ? program.commands.find((one) => one.name() === word)
        : undefined;
      if (next === undefined) operands.push(word);
      else [command, operands] = [next, []];
    }
  }
  return { command, operands, flag, given };
}

/** What may come in the place of `current`, the word that is being typed. */
export async function completeWords(
  program: CommandUnknownOpts,
  { place, current, sources, topics }: {
    readonly place: CommandPlace;
    readonly current: string;
    readonly sources: CompletionSources;
    /** What `help` explains besides commands. */
    readonly topics: readonly Candidate[];
  },
): Promise<WordCompletions> {
  const { command, operands, flag } = place;
  const all = flag !== undefined
    ? await flagValues(flag, { current, sources })
    : current.startsWith("-")
    ? listFlags(command)
    : command === program
    ? operands.length === 0 ? listCommands(program) : []
    : await listOperands(command.name());
  if (all === "files") return all;
  return all.filter(({ value }) =>
    value.startsWith(current) && !/[\p{Cc}]/u.test(value)
  );

  async function listOperands(name: string): Promise<readonly Candidate[]> {
    const isFirst = operands.length === 0;
    if (name === "help") {
      return isFirst ? [...topics, ...listCommands(program)] : [];
    }
    if (name === "completion") return isFirst ? plain(shells) : [];
    if (!["get", "rm", "ls", "set"].includes(name)) return [];
    if (isFirst) return plain(await sources.listKeys(current, maxKeys));
    const before = [name, ...operands].map(quoteWord).join(" ");
    const line = `${before} ${current}`;
    return plain((await findCompletions(line, sources)).candidates);
  }
}

function listFlags(command: CommandUnknownOpts): readonly Candidate[] {
  return command.createHelp().visibleOptions(command).map((flag) => ({
    value: flag.long ?? flag.short ?? "",
    about: flag.description,
  }));
}

function listCommands(program: CommandUnknownOpts): readonly Candidate[] {
  return program.createHelp().visibleCommands(program).map((command) => ({
    value: command.name(),
    about: command.description(),
  }));
}
