import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { ErrorCode, invalidArgument } from "../../core/errors.ts";
import { ForsunPlanError } from "../../thrift/generated.ts";
import type { ThriftClient } from "../../thrift/generated.ts";
import type { WirePlan } from "../../thrift/wire_plan.ts";
import { clientCommand } from "../client_command.ts";
import { openSession } from "../client_flags.ts";
import { pagesOf } from "../plan_pages.ts";
import type { ProgramContext } from "../program_context.ts";
import { Progress } from "../progress.ts";
import { runLine } from "../run_line.ts";
import { toLine } from "../words_line.ts";

/** `forsun rm KEY`, or many plans by the beginning of their keys. */
export function rmCommand(context: ProgramContext): CommandUnknownOpts {
  return clientCommand("rm")
    .usage("[options] KEY\n       forsun rm --prefix TEXT")
    .option("--prefix <TEXT>", "all plans whose key begins with it")
    .option("--all", "all plans")
    .action(async (words, { prefix, all = false, ...flags }) => {
      const { terminal } = context;
      using session = openSession({ ...context.flags(), ...flags }, terminal);
      if (prefix === undefined && !all) {
        const { succeeded } = await runLine(toLine(["rm", ...words]), session);
        context.status = succeeded ? 0 : 1;
        return;
      }
      if (words.length > 0 || (prefix !== undefined && all)) {
        throw invalidArgument("rm: give one of KEY, --prefix and --all");
      }
      if (prefix === "") {
        throw invalidArgument("rm: --prefix must not be empty; see --all");
      }
      const client = await session.connect();
      const { plan_count } = await client.info();
      const whole = all ? Number(plan_count) : undefined;
      let removed = 0;
      {
        using progress = new Progress(terminal, whole);
        for await (const plans of pagesOf(session, { prefix: prefix ?? "" })) {
          removed += await removePlans(plans, client);
          progress.show(removed, removed);
        }
      }
      const { isJson } = session.options;
      terminal.print(
        isJson ? JSON.stringify({ removed }) : `removed ${removed} plans`,
      );
    });
}

/** Removes plans, but for those that are gone by now; returns how many it were. */
async function removePlans(
  plans: readonly WirePlan[],
  client: ThriftClient,
): Promise<number> {
  const results = await Promise.allSettled(
    plans.map(({ key }) => client.remove(key)),
  );
  let removed = 0;
  for (const result of results) {
    if (result.status === "fulfilled") removed++;
    else if (!isGone(result.reason)) {
      throw result.reason;
    }
  }
  return removed;
}

/** Someone else was faster. */
function isGone(error: unknown): boolean {
  return error instanceof ForsunPlanError && error.code === ErrorCode.notFound;
}
