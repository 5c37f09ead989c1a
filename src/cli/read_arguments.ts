import { commandNames } from "../command/parser.ts";
import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import type { ClientFlags } from "./client_flags.ts";
import { toLine } from "./words_line.ts";

/** Arguments that need no more than the command language. */
export interface LineArguments {
  readonly flags: ClientFlags;
  /** The commands to run; undefined asks for the prompt. */
  readonly line: string | undefined;
}

/**
 * Reads `[--host H] [--port P] [--exe CMD] [CMD]`, where the flags may also stand
 * behind and CMD is a line of the command language, or one command of it in
 * words. Undefined when the arguments are something else: a subcommand with flags
 * of its own, or a mistake.
 * @throws {ForsunError} 1007 when commands are given twice
 */
export function readArguments(
  args: readonly string[],
): LineArguments | undefined {
  const split = splitArguments(args);
  if (split === undefined) return undefined;
  const { words } = split;
  const { exe, ...flags } = split.flags;
  if (exe !== undefined && words.length > 0) {
    throw invalidArgument(
      `--exe gives the commands already, got ${quote(words[0])} too`,
    );
  }
  const line = exe ?? readLine(words);
  const isPrompt = line === undefined && words.length === 0;
  return line !== undefined || isPrompt ? { flags, line } : undefined;
}

interface SplitArguments {
  readonly flags: ClientFlags & { readonly exe?: string };
  readonly words: readonly string[];
}

/** Undefined when there is a flag that isn't one of the client's, or lacks its value. */
function splitArguments(args: readonly string[]): SplitArguments | undefined {
  const flags: Record<string, string | true> = {};
  const words: string[] = [];
  const rest = [...args];
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (next === "--") {
      words.push(...rest);
      break;
    }
    if (!next.startsWith("-")) {
      words.push(next);
      continue;
    }
    const [, flag, attached] = /^--([^=]+)(?:=(.*))?$/s.exec(next) ?? [];
    const name = switches.get(flag);
    const value = name === undefined ? attached ?? rest.shift() : attached;
    if (name !== undefined && value === undefined) {
      flags[name] = true;
    } else if (valueFlags.has(flag) && value !== undefined) {
      flags[valueFlags.get(flag) ?? flag] = value;
    } else {
      return undefined;
    }
  }
  return { flags, words };
}

const switches: ReadonlyMap<string, string> = new Map([
  ["json", "json"],
  ["show-secrets", "showSecrets"],
  ["tls", "tls"],
]);

const valueFlags: ReadonlyMap<string, string> = new Map([
  ["host", "host"],
  ["port", "port"],
  ["timeout", "timeout"],
  ["token", "token"],
  ["token-file", "tokenFile"],
  ["ca", "ca"],
  ["exe", "exe"],
]);

/** The line that words ask for; undefined when they are no command of the language. */
function readLine(words: readonly string[]): string | undefined {
  const [first, ...rest] = words;
  if (rest.length === 0 && /^$|[\s;]/.test(first ?? "-")) return first;
  if (!commandNames.some((name) => name === first)) return undefined;
  // These two have more to tell in a shell.
  const isOwn = first === "help" || (first === "set" && rest.length < 2);
  return isOwn ? undefined : toLine(words);
}
