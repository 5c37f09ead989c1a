import { basename } from "node:path";
import { openSession } from "./client_flags.ts";
import { readArguments } from "./read_arguments.ts";
import { reportError } from "./report_error.ts";
import { runLine } from "./run_line.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs the program with its arguments: a line of the command language, the
 * prompt, or a subcommand. Under the name `forsund` it is the daemon. Returns
 * the exit status.
 */
export async function run(
  args: readonly string[],
  { name, terminal }: { readonly name: string; readonly terminal: Terminal },
): Promise<number> {
  try {
    if (basename(name) === "forsund") {
      return await runProgram(["serve", ...args], terminal);
    }
    const found = readArguments(args);
    if (found === undefined) return await runProgram(args, terminal);
    using session = openSession(found.flags, terminal);
    if (found.line === undefined) {
      const { runPrompt } = await import("./prompt.ts");
      await runPrompt(session);
      return 0;
    }
    const { succeeded } = await runLine(found.line, session);
    return succeeded ? 0 : 1;
  } catch (error) {
    reportError(error, terminal);
    return 1;
  }
}

/** Only subcommands with flags of their own are worth the time that it takes to load them. */
async function runProgram(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const program = await import("./program.ts");
  return await program.runProgram(args, terminal);
}
