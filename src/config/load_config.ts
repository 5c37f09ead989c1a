import * as v from "valibot";
import { quote } from "../core/quote.ts";
import { type ConfigFile, readConfigFile } from "./config_file.ts";
import type { Given, Origin } from "./given.ts";
import { idleOptions, type Option, options } from "./options.ts";

/** What the daemon works with. */
export type Config = {
  readonly [Key in keyof typeof options]: v.InferOutput<
    (typeof options)[Key]["schema"]
  >;
};

/** The origin of values that were not given. */
export const defaultOrigin: Origin = "default";

export interface LoadedConfig {
  readonly config: Config;
  readonly origins: Readonly<Record<keyof Config, Origin>>;
  /** One line each. */
  readonly warnings: readonly string[];
}

export interface ConfigSources {
  /** Values of flags, by the flag's name without dashes. */
  readonly flags: ReadonlyMap<string, string>;
  readonly environment: (name: string) => string | undefined;
  readonly file: ConfigFile | undefined;
}

/**
 * Puts the configuration together: a flag goes over the environment, that over
 * the file, that over the default. What is empty in the environment or the file
 * counts as not given there.
 * @throws {Error} one line that names the option, where it was given, and the
 * value unless it is a secret
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const { file } = sources;
  const known = [...Object.values<Option>(options), ...idleOptions];
  const fromFile = file && readConfigFile(file, known.map(({ name }) => name));
  const find = (option: Findable) =>
    findFlag(option, sources) ?? findVariable(option, sources) ??
      fromFile?.get(option.name);
  const config: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const warnings: string[] = [];
  for (const [key, option] of Object.entries<Option>(options)) {
    const given = find(option) ??
      { value: option.default, origin: defaultOrigin };
    config[key] = parse(option, given);
    origins[key] = given.origin;
    const objection = option.objection?.(given.value);
    if (objection) {
      warnings.push(`${option.name} (${given.origin}) ${objection}`);
    }
  }
  for (const option of idleOptions) {
    const { name, reason } = option;
    const given = find(option);
    if (given === undefined) continue;
    warnings.push(
      `${name} (${given.origin}) has no effect${reason ? `: ${reason}` : ""}`,
    );
  }
  return {
    config: config as Config,
    origins: origins as LoadedConfig["origins"],
    warnings,
  };
}

type Findable = Pick<Option, "name" | "flag" | "variables">;

function findFlag(
  { flag = "" }: Findable,
  { flags }: ConfigSources,
): Given | undefined {
  const value = flags.get(flag);
  return value === undefined ? undefined : { value, origin: `--${flag}` };
}

function findVariable(
  option: Findable,
  { environment }: ConfigSources,
): Given | undefined {
  for (const name of variableNames(option)) {
    const value = environment(name);
    if (value) return { value, origin: `environment ${name}` };
  }
  return undefined;
}

/** An option's section and key in capitals, and what the first daemon called it besides. */
export function variableNames(
  { name, variables = [] }: Pick<Option, "name" | "variables">,
): readonly string[] {
  return [name.replace(".", "_").toUpperCase(), ...variables];
}

function parse(option: Option, { value, origin }: Given): unknown {
  const result = v.safeParse(option.schema, value);
  const reason = result.success ? undefined : result.issues[0].message;
  const problem = reason ?? findLeftovers(option, value);
  if (result.success && problem === undefined) return result.output;
  const got = option.isSecret ? "" : `, got ${quote(value)}`;
  throw new Error(`${option.name} (${origin}) ${problem}${got}`);
}

/**
 * What other kinds of configuration files allow and this one takes literally,
 * which nobody means: `"/var/log/forsun.log"`, `/tmp # scratch`.
 */
function findLeftovers(
  { isSecret }: Option,
  value: string,
): string | undefined {
  if (isSecret) return undefined;
  if (/^(["']).*\1$/s.test(value)) return "must not be in quotes";
  if (/\s#/.test(value)) return "must not have a comment behind it";
  return undefined;
}
