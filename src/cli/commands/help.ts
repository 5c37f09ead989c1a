import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { formatHelp } from "../../command/help.ts";
import { commandNames } from "../../command/parser.ts";
import { invalidArgument } from "../../core/errors.ts";
import { nearestName } from "../../core/nearest_name.ts";
import { quote } from "../../core/quote.ts";
import { helpTopics, topicNames } from "../help_topics.ts";
import type { ProgramContext } from "../program_context.ts";

/** `forsun help [COMMAND|TOPIC]`: the help of the command language, topics, and where that of flags is. */
export function helpCommand(
  context: ProgramContext,
  program: CommandUnknownOpts,
): CommandUnknownOpts {
  return new Command("help")
    .description("explain a command or a topic: schedules, actions, …")
    .argument("[COMMAND|TOPIC]")
    .action((name) => {
      const { terminal } = context;
      const topic = commandNames.find((known) => known === name);
      const subcommand = program.commands.find((known) =>
        known.name() === name
      );
      const [, explain] = Object.entries(helpTopics)
        .find(([known]) => known === name) ?? [];
      if (name === undefined) {
        terminal.print(`${formatHelp(undefined)}\n\n${shellHelp}`);
      } else if (explain !== undefined) {
        terminal.print(explain());
      } else if (topic !== undefined) {
        terminal.print(formatHelp(topic));
        if (subcommand) {
          terminal.print(`\nforsun ${name} --help lists its flags.`);
        }
      } else if (subcommand) {
        terminal.print(subcommand.helpInformation().trimEnd());
      } else {
        throw unknownTopic(name, program);
      }
    });
}

const shellHelp =
  `In a shell, a line of commands is one argument, a command with flags several:
  forsun 'ls order:; info'
  forsun set order:1 --in 30m --http http://localhost/unpaid
forsun --help lists the flags, forsun COMMAND --help those of a command.
forsun help TOPIC explains ${topicNames.join(", ")}.`;

function unknownTopic(name: string, program: CommandUnknownOpts): Error {
  const names = [
    ...topicNames,
    ...program.commands.map((known) => known.name()),
  ];
  const nearest = nearestName(name, names);
  const hint = nearest === undefined
    ? "help lists them all"
    : `did you mean ${quote(nearest)}?`;
  return invalidArgument(
    `help: no command or topic is called ${quote(name)}, ${hint}`,
  );
}
