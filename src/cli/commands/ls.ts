import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { parseCommands } from "../../command/parser.ts";
import { readSecond } from "../../command/read_moment.ts";
import { invalidArgument } from "../../core/errors.ts";
import { quote } from "../../core/quote.ts";
import { maxThriftSeconds, type UnixSeconds } from "../../core/time.ts";
import { clientCommand } from "../client_command.ts";
import { openSession, readNumber } from "../client_flags.ts";
import { duePagesOf, pagesOf } from "../plan_pages.ts";
import { printPlans } from "../print.ts";
import type { ProgramContext } from "../program_context.ts";
import type { Session } from "../session.ts";
import { toLine } from "../words_line.ts";

/** `forsun ls [PREFIX]`, with flags that the command language doesn't have. */
export function lsCommand(context: ProgramContext): CommandUnknownOpts {
  return clientCommand("ls")
    .option("--prefix <TEXT>", "only plans whose key begins with it")
    .option("--limit <N>", "at most so many plans")
    .option("--order <ORDER>", "key, or next: by next occurrence", "key")
    .option("--after <KEY>", "only plans behind this key")
    .option("--from <TIME>", "with --order next: only what is due from then on")
    .action(async (words, { prefix, limit, order, after, from, ...flags }) => {
      if (prefix !== undefined && words.length > 0) {
        throw invalidArgument("ls: give either PREFIX or --prefix");
      }
      checkOrder({ order, after, from });
      const session = openSession(
        { ...context.flags(), ...flags },
        context.terminal,
      );
      using _session = session;
      const request = {
        prefix: prefix ?? readPrefix(words),
        limit: readNumber("--limit", limit, Number.MAX_SAFE_INTEGER),
      };
      const pages = order === "key"
        ? pagesOf(session, { ...request, after })
        : duePagesOf(session, { ...request, from: readFrom(from, session) });
      for await (const page of pages) printPlans(page, session.options);
    });
}

/** What --order may be. */
export const orders: readonly string[] = ["key", "next"];

function checkOrder(
  { order, after, from }: {
    readonly order: string;
    readonly after: string | undefined;
    readonly from: string | undefined;
  },
): void {
  if (!orders.includes(order)) {
    throw invalidArgument(`--order must be key or next, got ${quote(order)}`);
  }
  if (order === "next" && after !== undefined) {
    throw invalidArgument("--after is for --order key; --from is for next");
  }
  if (order === "key" && from !== undefined) {
    throw invalidArgument("--from is for --order next; --after is for key");
  }
}

function readFrom(text: string | undefined, session: Session): UnixSeconds {
  if (text === undefined) return 0;
  const { timeZone } = session.terminal;
  return Math.min(
    readSecond(text, { name: "--from", timeZone }),
    maxThriftSeconds,
  );
}

function readPrefix(words: readonly string[]): string {
  const [command] = parseCommands(toLine(["ls", ...words]));
  return command.kind === "ls" ? command.prefix : "";
}
