import { type ForsunError, invalidArgument } from "../core/errors.ts";
import type { Params } from "../core/plan.ts";
import { quote } from "../core/quote.ts";

/**
 * Refuses a command that is none of `allowed`: each stands for itself, letter by
 * letter, or, when ` *` is its end, for what is before it and further words of
 * harmless characters that don't begin with a dash. What would change what such
 * a command does, cwd and env, is refused, too, but for variables ARG_*.
 * @throws {ForsunError} 1007
 */
export function checkShellCommand(
  params: Params,
  allowed: readonly string[],
): void {
  const { cmd = "", cwd, env = "" } = params;
  if (!allowed.some((entry) => matches(entry, cmd))) {
    throw refusal(
      "cmd",
      `must be one of action.shell_commands, got ${quote(cmd)}`,
    );
  }
  if (cwd) throw refusal("cwd", "must be empty with action.shell_commands");
  for (const pair of env.split(";")) {
    const name = pair.split("=", 1)[0].trim();
    if (name === "" || /^ARG_\w+$/.test(name)) continue;
    const mustBe = "must have names that begin with ARG_, got";
    throw refusal("env", `${mustBe} ${quote(name)}`);
  }
}

function matches(entry: string, cmd: string): boolean {
  if (!entry.endsWith(" *")) return entry === cmd;
  const beginning = entry.slice(0, -1);
  return cmd.startsWith(beginning) &&
    harmlessWords.test(cmd.slice(beginning.length));
}

/** Nothing that a shell gives a meaning to, and no options. */
const harmlessWords = /^(?!-)[\w./:@%+,=-]+(?: (?!-)[\w./:@%+,=-]+)*$/;

function refusal(param: string, reason: string): ForsunError {
  return invalidArgument(`Param ${quote(param)} of action "shell" ${reason}`);
}
