import type { ParamReader } from "./params.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** What every command gets of the daemon's own environment. */
const inheritedNames = ["PATH", "HOME", "LANG"] as const;

/** PATH for a daemon that has none itself. */
const defaultPath =
  "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The daemon's own PATH, HOME and LANG, as far as they are set; there always is a PATH. */
export function inheritedEnvironment(): Environment {
  const environment: Record<string, string> = { PATH: defaultPath };
  for (const name of inheritedNames) {
    const value = Deno.env.get(name);
    if (value !== undefined && value !== "") environment[name] = value;
  }
  return environment;
}

/**
 * Reads param `env`: `NAME=value` pairs separated by `;`, the first `=` ends the
 * name. Everything up to the next `;` is the value, spaces and quotes included,
 * so a value holds no `;`. Spaces around names and empty pairs are ignored; of
 * equal names the last counts.
 * @throws {ForsunError} 1007, naming the pair but not its value
 */
export function readEnvironment(read: ParamReader): Environment {
  const environment: Record<string, string> = {};
  const pairs = (read.optional("env") ?? "").split(";");
  for (const [index, pair] of pairs.entries()) {
    if (pair.trim() === "") continue;
    const equals = pair.indexOf("=");
    if (equals < 0) {
      throw read.refusal(
        "env",
        `must be NAME=value;…, pair ${index + 1} has no "="`,
      );
    }
    const name = pair.slice(0, equals).trim();
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      const shown = JSON.stringify(name.slice(0, 40));
      throw read.refusal(
        "env",
        `must be NAME=value;…, ${shown} is no name of a variable`,
      );
    }
    environment[name] = pair.slice(equals + 1);
  }
  return environment;
}
