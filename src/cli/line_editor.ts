import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import { completeLine } from "./complete_line.ts";
import { maxHistory, openHistory } from "./history.ts";
import { LineQueue } from "./line_queue.ts";
import type { LineSource } from "./line_source.ts";
import { reportError } from "./report_error.ts";
import { runLine } from "./run_line.ts";
import type { Session } from "./session.ts";

/**
 * Reads lines from a terminal: remembers them over sessions, completes words at
 * a Tab, and at Ctrl-C interrupts what runs or else drops the line.
 */
export function openLineEditor(
  session: Session,
  prompt: string,
): LineSource & Disposable {
  const history = openHistory(join(homedir(), ".forsun_history"));
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
    prompt,
    history: [...history.lines],
    historySize: maxHistory,
    removeHistoryDuplicates: true,
    completer: (before: string, done: CompleterDone) => {
      completeLine(before, session).then(({ candidates, replaced }) =>
        done(null, [[...candidates], replaced])
      );
    },
  }) as ClearableInterface;
  const queue = new LineQueue();
  let isRunning = false;
  lines.on("line", (line) => queue.add(line));
  lines.on("close", () => queue.end());
  lines.on("SIGINT", () => {
    // Lines that were typed ahead are not wanted either.
    const dropped = queue.clear();
    if (isRunning) return session.interrupt();
    if (dropped > 0) {
      // The line and the key came at once: none of it has begun to run.
      reportError(new Error("interrupted"), session.terminal);
      session.terminal.print("");
    } else lines.clearLine();
    lines.prompt();
  });
  // At Ctrl-Z this process would have to be stopped, and it may not signal any.
  lines.on("SIGTSTP", () => {});
  return {
    lines: queue,
    ask: () => lines.prompt(),
    async run(line) {
      history.add(line);
      isRunning = true;
      const result = await runLine(line, session);
      isRunning = false;
      return result;
    },
    [Symbol.dispose]: () => lines.close(),
  };
}

type CompleterDone = (error: null, result: [string[], string]) => void;

/** What node:readline has for its own use of it at Ctrl-C. */
interface ClearableInterface extends Interface {
  /** Leaves the line as it stands and begins an empty one below it. */
  clearLine(): void;
}
