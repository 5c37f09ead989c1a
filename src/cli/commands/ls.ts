import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { invalidArgument } from "../../core/errors.ts";
import { parseCommands } from "../../command/parser.ts";
import { clientCommand } from "../client_command.ts";
import { openSession, readNumber } from "../client_flags.ts";
import type { ProgramContext } from "../program_context.ts";
import { listPlans } from "../run_command.ts";
import { toLine } from "../words_line.ts";

/** `forsun ls [PREFIX]`, with flags that the command language doesn't have. */
export function lsCommand(context: ProgramContext): CommandUnknownOpts {
  return clientCommand("ls")
    .option("--prefix <TEXT>", "only plans whose key begins with it")
    .option("--limit <N>", "at most so many plans")
    .action(async (words, { prefix, limit, ...flags }) => {
      if (prefix !== undefined && words.length > 0) {
        throw invalidArgument("ls: give either PREFIX or --prefix");
      }
      const most = readNumber("--limit", limit, Number.MAX_SAFE_INTEGER);
      const all = { ...context.flags(), ...flags };
      using session = openSession(all, context.terminal);
      const from = prefix ?? readPrefix(words);
      await listPlans(from, session, { limit: most });
    });
}

function readPrefix(words: readonly string[]): string {
  const [command] = parseCommands(toLine(["ls", ...words]));
  return command.kind === "ls" ? command.prefix : "";
}
