import process from "node:process";
import { createInterface } from "node:readline";
import { version } from "../version.ts";
import { openLineEditor } from "./line_editor.ts";
import type { LineSource } from "./line_source.ts";
import { reportError } from "./report_error.ts";
import { runLine } from "./run_line.ts";
import type { Session } from "./session.ts";

/**
 * The prompt: reads lines until `exit` or the end of the input, and runs them.
 * On a terminal they can be edited.
 */
export async function runPrompt(session: Session): Promise<void> {
  const { terminal } = session;
  terminal.print(`Welcome to forsun ${version}`);
  terminal.print("Type 'help' for help");
  terminal.print("");
  if (Deno.stdin.isTerminal() && Deno.stdout.isTerminal()) {
    await greetDaemon(session);
    using editor = openLineEditor(session, promptText);
    await converse(editor, session);
  } else {
    const lines = createInterface({ input: process.stdin });
    await converse({
      lines,
      ask: () => terminal.write(promptText),
      run: (line) => runLine(line, session),
    }, session);
    lines.close();
  }
}

const promptText = "forsun> ";

/** Says at once when there is no daemon; it may still come. */
async function greetDaemon(session: Session): Promise<void> {
  try {
    await session.connect();
  } catch (error) {
    reportError(error, session.terminal);
  }
}

async function converse(
  { lines, ask, run }: LineSource,
  { terminal }: Session,
): Promise<void> {
  ask();
  for await (const line of lines) {
    if (line.trim() !== "") {
      const { exits } = await run(line);
      if (exits || terminal.isClosed) return;
      terminal.print("");
    }
    ask();
  }
  terminal.print("");
}
