import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { exampleFile } from "../../config/example_file.ts";
import { formatConfig, formatConfigJson } from "../../config/format_config.ts";
import type { ProgramContext } from "../program_context.ts";
import { readConfig } from "../read_config.ts";
import { configuredCommand, readRequest } from "../serve_flags.ts";

/** `forsun config`: what a daemon with these flags, environment and file would work with. */
export function configCommand(context: ProgramContext): CommandUnknownOpts {
  const command = configuredCommand("config")
    .description(
      "print the configuration, where each value is from, and what is wrong",
    )
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
    const { checkConfig } = await import("../../daemon/check_config.ts");
    await checkConfig(loaded.config, terminal);
  });
}

const examples = `
It takes the flags of serve, and complains as serve would: of actions, tokens,
certificates, addresses and extensions, too, which are loaded for that. A daemon
that runs is not disturbed. The exit status is 1 when serve would not start.

Examples:
  forsun config
  forsun config --conf /etc/forsun.conf --json
  forsun config --example > /etc/forsun.conf`;
