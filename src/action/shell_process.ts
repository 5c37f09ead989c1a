import type { Environment } from "./shell_environment.ts";

/** What to run, and in which surroundings. */
export interface ShellCommand {
  /** The text for `/bin/sh -c`, without NUL. */
  readonly text: string;
  readonly cwd: string;
  /** All that the command gets; names are valid in a shell, values without NUL. */
  readonly environment: Environment;
  /** The path of setsid(1); undefined where there is none. */
  readonly setsid: string | undefined;
}

/** Deno passes such variables on only with an unlimited permission to run programs. */
const loaderName = /^(?:LD|DYLD)_/i;

/**
 * Starts `/bin/sh -c text` in a session, and so a process group, of its own,
 * with no input and with both outputs in the one pipe `stdout`.
 *
 * With `detached` Deno forks this whole process, which stops it for 17 ms per GB
 * of memory. Without, it uses vfork, in constant time; then setsid(1) makes the
 * session. A small script in front of the command does that, joins the outputs,
 * and sets the variables that Deno refuses. It gets all values as arguments.
 *
 * @throws what Deno.Command throws when the process can't be started
 */
export function startShell(command: ShellCommand): Deno.ChildProcess {
  const { text, cwd, setsid } = command;
  const environment: Record<string, string> = {};
  const script = ["exec 2>&1"];
  const values = [text, setsid ?? ""];
  for (const [name, value] of Object.entries(command.environment)) {
    if (!loaderName.test(name)) {
      environment[name] = value;
    } else {
      values.push(value);
      script.push(`export ${name}="\${${values.length}}"`);
    }
  }
  script.push(`exec ${setsid === undefined ? "" : '"$2" '}/bin/sh -c "$1"`);
  return new Deno.Command("/bin/sh", {
    args: ["-c", script.join("\n"), "/bin/sh", ...values],
    cwd,
    env: environment,
    clearEnv: true,
    detached: setsid === undefined,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

/** The path of setsid(1) on `path`; undefined when it isn't installed. */
export async function findSetsid(path: string): Promise<string | undefined> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", "command -v setsid"],
    env: { PATH: path },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).output();
  const found = new TextDecoder().decode(stdout).trim();
  return found.startsWith("/") ? found : undefined;
}
