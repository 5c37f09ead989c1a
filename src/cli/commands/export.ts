import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { findMask } from "../../core/secret_params.ts";
import { withClientFlags } from "../client_command.ts";
import { openSession } from "../client_flags.ts";
import { pagesOf } from "../plan_pages.ts";
import { toPlanJson } from "../plan_output.ts";
import type { ProgramContext } from "../program_context.ts";
import { Progress } from "../progress.ts";

/** `forsun export`: all plans as lines that `forsun import` takes. */
export function exportCommand(context: ProgramContext): CommandUnknownOpts {
  return withClientFlags(new Command("export"))
    .description("print plans as lines of JSON that import takes, with secrets")
    .option("--prefix <TEXT>", "only plans whose key begins with it", "")
    .addHelpText("after", examples)
    .action(async ({ prefix, ...flags }) => {
      const { terminal } = context;
      using session = openSession({ ...context.flags(), ...flags }, terminal);
      const { plan_count } = await (await session.connect()).info();
      const whole = prefix === "" ? Number(plan_count) : undefined;
      using progress = new Progress(terminal, whole);
      let count = 0;
      for await (const plans of pagesOf(session, { prefix, reveal: true })) {
        if (plans.some(({ params }) => findMask(params) !== undefined)) {
          throw new Error("export needs the role admin: secrets come masked");
        }
        const lines = plans.filter(({ next_time }) => next_time > 0)
          .map((plan) => toPlanJson(plan, { showSecrets: true }));
        if (lines.length > 0) terminal.print(lines.join("\n"));
        count += plans.length;
        progress.show(count, count);
      }
    });
}

const examples = `
Plans without a next occurrence are left out: there is nothing to go on with.

Examples:
  forsun export > plans.ndjson
  forsun export --prefix order: | gzip > orders.ndjson.gz`;
