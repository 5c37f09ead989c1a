import type { Params } from "../core/plan.ts";
import { ParamReader } from "./params.ts";
import { checkShellCommand } from "./shell_commands.ts";
import { type Environment, readEnvironment } from "./shell_environment.ts";

/** What counts where a plan doesn't say it. */
export interface ShellDefaults {
  /** The folder that commands start in. */
  readonly cwd: string;
  /** How long a command may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The commands that plans may run (see {@link checkShellCommand}); all when empty. */
  readonly commands?: readonly string[];
}

/** What a plan's params ask for. */
export interface ShellParams {
  /** The command, without NUL. */
  readonly text: string;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Additions to what every command gets. */
  readonly environment: Environment;
}

/** The longest text that Linux takes as one argument of a program, in bytes. */
const maxTextBytes = 131_071;
const timeoutRange = { min: 0.001, max: 86_400 };

/**
 * Reads the params of action shell.
 * @throws {ForsunError} 1007
 */
export function readShellParams(
  params: Params,
  defaults: ShellDefaults,
): ShellParams {
  const read = new ParamReader("shell", params);
  const text = read.required("cmd");
  for (const name of ["cmd", "cwd", "env"]) {
    const value = read.optional(name) ?? "";
    if (value.includes("\0")) throw read.refusal(name, "must not hold a NUL");
    if (new TextEncoder().encode(value).length > maxTextBytes) {
      throw read.refusal(name, `must be at most ${maxTextBytes} bytes long`);
    }
  }
  const { commands = [] } = defaults;
  if (commands.length > 0) checkShellCommand(params, commands);
  return {
    text,
    cwd: read.optional("cwd") || defaults.cwd,
    timeoutMs: read.seconds("timeout", timeoutRange) ?? defaults.timeoutMs,
    environment: readEnvironment(read),
  };
}
