import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { exampleFile } from "../../config/example_file.ts";
import { formatConfig, formatConfigJson } from "../../config/format_config.ts";
import type { ProgramContext } from "../program_context.ts";
import { readConfig } from "../read_config.ts";
import { configuredCommand, readRequest } from "../serve_flags.ts";

/** `forsun config`: what a daemon with these flags, environment and file would work with. */
export function configCommand(context: ProgramContext): CommandUnknownOpts {
  const command = configuredCommand("config")
    .description("print the configuration, and where each value is from")
    .option("--json", "print it as one line of JSON")
    .option("--example", "print a file with every option and its default")
    .addHelpText("after", examples);
  return command.action(async ({ json, example }) => {
    const { terminal } = context;
    if (example) return terminal.print(exampleFile().trimEnd());
    const loaded = await readConfig(readRequest(command, context));
    for (const warning of loaded.warnings) {
      terminal.complain(`forsun: ${warning}`);
    }
    terminal.print(
      json ? formatConfigJson(loaded) : formatConfig(loaded).join("\n"),
    );
  });
}

const examples = `
It takes the flags of serve, and complains as serve would.

Examples:
  forsun config
  forsun config --conf /etc/forsun.conf --json
  forsun config --example > /etc/forsun.conf`;
