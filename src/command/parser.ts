import { ForsunError, invalidArgument } from "../core/errors.ts";
import { nearestName } from "../core/nearest_name.ts";
import { quote } from "../core/quote.ts";
import type { Command, CommandName, CommandNamed } from "./command.ts";
import { parsePlan } from "./parse_plan.ts";
import { parseTimeArgument } from "./time_argument.ts";
import { type CommandWords, tokenize, type Word } from "./tokenizer.ts";

/**
 * Reads the commands of a line, all of them before any is run.
 *
 * @throws {ForsunError} 1007 at the first that can't be read: one line that names
 * the command, what was expected and what was got
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseCommands("ls order*; get order-7"), [
 *   { kind: "ls", prefix: "order" },
 *   { kind: "get", key: "order-7" },
 * ]);
 * assert.throws(() => parseCommands("lst"), /ls/);
 * ```
 */
export function parseCommands(line: string): readonly Command[] {
  return tokenize(line)
    .filter(({ words }) => words.length > 0)
    .map((command) => parseCommand(line, command));
}

function parseCommand(line: string, { words }: CommandWords): Command {
  const [{ value: text }, ...rest] = words;
  const name = parseName(text);
  try {
    return parsers[name](rest, line);
  } catch (error) {
    if (!(error instanceof ForsunError)) throw error;
    const message = `${name}: ${error.message}`;
    throw new ForsunError(error.code, message, { cause: error });
  }
}

/** Reads the words behind a command's name. */
type Parser<Name extends CommandName> = (
  words: readonly Word[],
  line: string,
) => CommandNamed<Name>;

const parsers = {
  help: (words) => {
    checkCount(words, 1);
    const topic = words[0];
    if (topic === undefined) return { kind: "help", topic };
    return { kind: "help", topic: parseName(topic.value) };
  },
  exit: (words) => withoutArguments("exit", words),
  version: (words) => withoutArguments("version", words),
  ls: (words) => {
    checkCount(words, 1);
    const prefix = words[0]?.value ?? "";
    return { kind: "ls", prefix: prefix.replace(/\*$/, "") };
  },
  current: (words) => withoutArguments("current", words),
  time: (words) => {
    checkCount(words, 2);
    const text = words.map(({ value }) => value).join(" ");
    const at = words.length > 0 ? parseTimeArgument("TIME", text) : undefined;
    return { kind: "time", at };
  },
  get: (words) => ({ kind: "get", key: parseKey(words) }),
  rm: (words) => ({ kind: "rm", key: parseKey(words) }),
  info: (words) => withoutArguments("info", words),
  nodes: (words) => withoutArguments("nodes", words),
  set: (words, line) => ({ kind: "set", plan: parsePlan(line, words, "word") }),
} as const satisfies { readonly [Name in CommandName]: Parser<Name> };

/** The names of all commands. */
export const commandNames = Object.keys(parsers) as readonly CommandName[];

function parseName(text: string): CommandName {
  const name = commandNames.find((name) => name === text);
  if (name !== undefined) return name;
  const nearest = nearestName(text, commandNames);
  const hint = nearest === undefined
    ? "help lists them all"
    : `did you mean ${quote(nearest)}?`;
  throw invalidArgument(`no command is called ${quote(text)}, ${hint}`);
}

function parseKey(words: readonly Word[]): string {
  checkCount(words, 1);
  const key = words[0]?.value;
  if (key !== undefined) return key;
  throw invalidArgument("KEY is missing");
}

function withoutArguments<Kind extends CommandName>(
  kind: Kind,
  words: readonly Word[],
): { readonly kind: Kind } {
  checkCount(words, 0);
  return { kind };
}

function checkCount(words: readonly Word[], limit: number): void {
  if (words.length <= limit) return;
  const max = ["no argument", "one argument", "two arguments"][limit];
  throw invalidArgument(`takes ${max}, got ${quote(words[limit].value)} too`);
}
