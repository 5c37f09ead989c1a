import type { ClientFlags } from "./client_flags.ts";
import type { Terminal } from "./terminal.ts";

/** What the subcommands share: where they print, and the exit status they leave. */
export interface ProgramContext {
  readonly terminal: Terminal;
  /** All arguments of the program. */
  readonly args: readonly string[];
  /** Flags that stand before the subcommand. */
  readonly flags: () => ClientFlags;
  status: number;
}
