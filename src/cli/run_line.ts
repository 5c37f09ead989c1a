import { parseCommands } from "../command/parser.ts";
import { reportError } from "./report_error.ts";
import { runCommand } from "./run_command.ts";
import type { Session } from "./session.ts";

/** What running a line came to. */
export interface LineResult {
  readonly succeeded: boolean;
  /** Whether the line asked to leave. */
  readonly exits: boolean;
}

/**
 * Runs the commands of a line, one behind the other, until one fails or is
 * `exit`; a failure is reported in one line. Nothing is run of a line that
 * can't be read to its end.
 */
export async function runLine(
  line: string,
  session: Session,
): Promise<LineResult> {
  const { signal, terminal } = session;
  try {
    for (const command of parseCommands(line)) {
      signal.throwIfAborted();
      if (command.kind === "exit") return { succeeded: true, exits: true };
      await runCommand(command, session);
    }
    return { succeeded: true, exits: false };
  } catch (error) {
    reportError(signal.aborted ? signal.reason : error, terminal);
    return { succeeded: false, exits: false };
  }
}
