import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
} from "@commander-js/extra-typings";
import { invalidArgument } from "../core/errors.ts";
import { version } from "../version.ts";
import { plainCommand, withClientFlags } from "./client_command.ts";
import { completeCommand, completionCommand } from "./commands/completion.ts";
import { configCommand } from "./commands/config.ts";
import { exportCommand } from "./commands/export.ts";
import { helpCommand } from "./commands/help.ts";
import { importCommand } from "./commands/import.ts";
import { lsCommand } from "./commands/ls.ts";
import { rmCommand } from "./commands/rm.ts";
import { serveCommand } from "./commands/serve.ts";
import { setCommand } from "./commands/set.ts";
import type { ProgramContext } from "./program_context.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs a subcommand with its flags; returns the exit status.
 * @throws {Error} one line, at whatever goes wrong
 */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const program = withClientFlags(new Command("forsun"))
    .description("a timer service: plans that call back at their second")
    .usage("[options] [COMMAND | 'LINE OF COMMANDS']")
    .version(version, "--version", "print the version")
    .option("--exe <LINE>", "run a line of commands")
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .enablePositionalOptions()
    .addHelpText("after", examples);
  const context: ProgramContext = {
    terminal,
    args,
    flags: () => program.opts(),
    status: 0,
  };
  const commands = [
    serveCommand(context),
    setCommand(context),
    lsCommand(context),
    plainCommand("get", context),
    rmCommand(context),
    importCommand(context),
    exportCommand(context),
    plainCommand("time", context),
    plainCommand("current", context),
    plainCommand("info", context),
    plainCommand("nodes", context),
    plainCommand("version", context),
    configCommand(context),
    completionCommand(context),
    helpCommand(context, program),
  ];
  program.addCommand(completeCommand(context, program), { hidden: true });
  for (const command of commands) program.addCommand(command);
  program.hook("preAction", () => {
    if (program.opts().exe === undefined) return;
    throw invalidArgument("--exe gives the commands already");
  });
  for (const command of [program, ...commands] as CommandUnknownOpts[]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: () => {},
    });
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return context.status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new Error(error.message.replace(/^error: /, ""), { cause: error });
  }
}

const examples = `
Without a command there is a prompt. A line of commands runs them, as in
  forsun "set ls */5/1 * * * * * shell 'cmd=ls'; ls"`;
