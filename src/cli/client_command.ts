import { Command } from "@commander-js/extra-typings";
import type { CommandName } from "../command/command.ts";
import { commandHelp } from "../command/help.ts";
import {
  defaultHost,
  defaultPort,
  defaultTimeoutSeconds,
  openSession,
} from "./client_flags.ts";
import type { ProgramContext } from "./program_context.ts";
import { runLine } from "./run_line.ts";
import { toLine } from "./words_line.ts";

/** Adds the flags that everything that talks to the daemon has. */
// deno-lint-ignore explicit-module-boundary-types -- its type is what its flags are
export function withClientFlags(command: Command) {
  return command
    .option(
      "--host <HOST>",
      `the daemon's host, or unix:PATH (default: ${defaultHost})`,
    )
    .option("--port <N>", `the daemon's port (default: ${defaultPort})`)
    .option(
      "--timeout <SECONDS>",
      `how long an answer may take (default: ${defaultTimeoutSeconds})`,
    )
    .option("--token <TOKEN>", "show this token; better give FORSUN_TOKEN")
    .option("--token-file <FILE>", "show the token in this file")
    .option("--tls", "speak TLS")
    .option("--ca <FILE>", "speak TLS and trust these certificates, too")
    .option("--json", "print JSON, one line for each answer")
    .option("--show-secrets", "print passwords and tokens as they are")
    .helpOption("-h, --help", "print this");
}

/** A subcommand that talks to the daemon, with the help of the command of that name. */
// deno-lint-ignore explicit-module-boundary-types -- as above
export function clientCommand(name: CommandName) {
  const { summary, usage, examples } = commandHelp[name];
  const words = usage[0].slice(name.length).trim();
  return withClientFlags(new Command(name))
    .description(summary)
    .usage(`[options] ${words}`)
    .argument("[WORDS...]")
    .addHelpText("after", `\nExamples:\n${exampleLines(examples)}`);
}

/** A subcommand that takes the words of the command language and no flags of its own. */
export function plainCommand(
  name: CommandName,
  context: ProgramContext,
): ReturnType<typeof clientCommand> {
  return clientCommand(name).action(async (words, flags) => {
    const all = { ...context.flags(), ...flags };
    using session = openSession(all, context.terminal);
    const { succeeded } = await runLine(toLine([name, ...words]), session);
    context.status = succeeded ? 0 : 1;
  });
}

/** The command language's examples, as they are typed in a shell. */
function exampleLines(examples: readonly string[]): string {
  return examples.map((example) => {
    const isPlain = !/['"*;$]/.test(example);
    return isPlain ? `  forsun ${example}` : `  forsun ${shellQuote(example)}`;
  }).join("\n");
}

/** In double quotes, where a shell leaves backslashes alone but before some characters. */
function shellQuote(text: string): string {
  return `"${text.replace(/\\(?=[\\"$`])|["$`]/g, "\\$&")}"`;
}
