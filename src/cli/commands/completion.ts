import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { invalidArgument } from "../../core/errors.ts";
import { quote } from "../../core/quote.ts";
import { openSession } from "../client_flags.ts";
import { listActions } from "../complete_line.ts";
import type { WordCompletions } from "../completion/candidate.ts";
import {
  type CommandPlace,
  completeWords,
  findPlace,
} from "../completion/complete_words.ts";
import { completionScript, shells } from "../completion/scripts.ts";
import { topicNames } from "../help_topics.ts";
import type { ProgramContext } from "../program_context.ts";

/** `forsun completion SHELL`: the script that has a shell complete forsun's words. */
export function completionCommand(context: ProgramContext): CommandUnknownOpts {
  return new Command("completion")
    .description("print what makes a shell complete commands, flags and keys")
    .helpOption("-h, --help", "print this")
    .argument("<SHELL>", shells.join(", "))
    .addHelpText("after", examples)
    .action((name) => {
      const shell = shells.find((known) => known === name);
      if (shell === undefined) {
        throw invalidArgument(
          `completion: SHELL must be bash, zsh or fish, got ${quote(name)}`,
        );
      }
      context.terminal.print(completionScript(shell).trimEnd());
    });
}

/**
 * `forsun complete -- WORDS…`, which the scripts call: prints what may come in
 * the place of the last word, a line each with a tab before what it is. The exit
 * status is 3 where files may come.
 */
export function completeCommand(
  context: ProgramContext,
  program: CommandUnknownOpts,
): CommandUnknownOpts {
  return new Command("complete")
    .argument("[WORDS...]")
    .action(async (words) => {
      const place = findPlace(program, words.slice(0, -1));
      const found = await find(words.at(-1) ?? "", place);
      if (found === "files") {
        context.status = 3;
        return;
      }
      const lines = found.map(({ value, about }) =>
        about === "" ? value : `${value}\t${about}`
      );
      if (lines.length > 0) context.terminal.print(lines.join("\n"));
    });

  async function find(
    current: string,
    place: CommandPlace,
  ): Promise<WordCompletions> {
    const { given } = place;
    const { host, port } = Object.fromEntries(given);
    const flags = { host, port, timeout: "1" };
    using session = openSession(flags, context.terminal);
    return await completeWords(program, {
      place,
      current,
      sources: {
        async listKeys(prefix, limit) {
          try {
            const client = await session.connect();
            const plans = await client.getPlans(prefix, "", limit);
            return plans.map(({ key }) => key);
          } catch {
            // Without a daemon there are no keys to be had.
            return [];
          }
        },
        listActions: () => listActions(session),
      },
      topics: topicNames.map((value) => ({ value, about: "a topic" })),
    });
  }
}

const examples = `
Put into ~/.bashrc:   source <(forsun completion bash)
Put into ~/.zshrc:    source <(forsun completion zsh)    # behind compinit
In fish:              forsun completion fish > ~/.config/fish/completions/forsun.fish`;
