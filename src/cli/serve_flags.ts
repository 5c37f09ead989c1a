import {
  Command,
  type CommandUnknownOpts,
  Option as Flag,
} from "@commander-js/extra-typings";
import { idleOptions, type Option, options } from "../config/options.ts";
import { invalidArgument } from "../core/errors.ts";
import type { ProgramContext } from "./program_context.ts";
import type { ConfigRequest } from "./read_config.ts";

/** A command that has --conf and a flag for every option that has one. */
// deno-lint-ignore explicit-module-boundary-types -- its type is what its flags are
export function configuredCommand(name: string) {
  const command = new Command(name)
    .helpOption("-h, --help", "print this")
    .option("--conf <FILE>", "configuration file");
  for (const option of flagOptions) {
    command.addOption(toFlag(option) as Flag<"--any <TEXT>">);
  }
  return command;
}

/**
 * What such a command was given.
 * @throws {ForsunError} 1007 when flags stand in front of it: those are the client's
 */
export function readRequest(
  command: CommandUnknownOpts,
  context: ProgramContext,
): ConfigRequest {
  if (Object.keys(context.flags()).length > 0) {
    throw invalidArgument(`${command.name()}: its flags must stand behind it`);
  }
  const flags = new Map<string, string>();
  for (const { flag = "" } of flagOptions) {
    const value: unknown = command.getOptionValue(camelCase(flag));
    if (value !== undefined) flags.set(flag, String(value));
  }
  const configPath: unknown = command.getOptionValue("conf");
  return {
    flags,
    configPath: configPath === undefined ? undefined : String(configPath),
  };
}

type FlagOption =
  & Pick<Option, "name" | "flag" | "value" | "isList">
  & Partial<Option>;

const flagOptions: readonly FlagOption[] = [
  ...Object.values<Option>(options),
  ...idleOptions,
].filter(({ flag }) => flag !== undefined);

function toFlag({ name, flag, value, isList, ...option }: FlagOption): Flag {
  const { about = "no effect", default: text = "" } = option;
  const help = text === "" ? about : `${about} (default: ${text})`;
  const made = new Flag(value ? `--${flag} <${value}>` : `--${flag}`, help);
  const [section, key] = name.split(".");
  made.helpGroup(key === undefined ? headings.global : headings[section]);
  if (isList) {
    made.argParser((text: string, before?: string) =>
      before === undefined ? text : `${before};${text}`
    );
  }
  return made;
}

const headings: Readonly<Record<string, string>> = {
  global: "The daemon:",
  store: "Where plans live:",
  action: "What plans do:",
  extension: "Extensions:",
  access: "Who may do what:",
  limits: "What plans can't exceed:",
};

/** How commander names a flag's value. */
function camelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
