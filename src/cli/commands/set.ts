import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { invalidArgument } from "../../core/errors.ts";
import { clientCommand } from "../client_command.ts";
import { openSession } from "../client_flags.ts";
import type { ProgramContext } from "../program_context.ts";
import { runCommand } from "../run_command.ts";
import { readAction } from "../set_action.ts";
import { readSchedule } from "../set_schedule.ts";

/** `forsun set KEY` and flags; a `set` in the words of the language is not for here. */
export function setCommand(context: ProgramContext): CommandUnknownOpts {
  return clientCommand("set")
    .usage("[options] [KEY]\n       forsun set KEY SECOND … ACTION PARAMS")
    .option("--in <DURATION>", "run once after 90s, 30m, 1h30m …")
    .option("--every <DURATION>", "run again and again after that")
    .option("--count <N>", "how often in all, 0 for no end")
    .option("--at <TIME>", 'run once at "YYYY-MM-DD HH:MM:SS"')
    .option("--daily <HH:MM:SS>", "run at this time of day")
    .option("--cron <EXPR>", "run when a cron expression says so")
    .option("--tz <ZONE>", "the time zone of --at, --daily and --cron")
    .option(
      "--misfire <RULE>",
      "what --at, --daily and --cron do with missed runs: once, skip or all",
    )
    .option("--shell <CMD>", "run a shell command")
    .option("--http <URL>", "send an HTTP request")
    .option("--action <NAME>", "do something else")
    .option("--param <NAME=VALUE>", "a param of the action", collect)
    .addHelpText("after", flagExamples)
    .action(async ([key = "", ...others], flags) => {
      const [surplus] = others;
      if (surplus !== undefined) {
        throw invalidArgument("set: flags take the place of all words but KEY");
      }
      const { terminal } = context;
      const schedule = readSchedule(flags, terminal);
      const plan = { key, schedule, ...readAction(flags) };
      using session = openSession({ ...context.flags(), ...flags }, terminal);
      await runCommand({ kind: "set", plan }, session);
    });
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

const flagExamples =
  `  forsun set order:1 --in 30m --http http://localhost/unpaid
  forsun set report --daily 06:30 --tz Europe/Berlin --shell 'make report'
  forsun set poll --every 5s --count 3 --http http://x/ --param method=post`;
