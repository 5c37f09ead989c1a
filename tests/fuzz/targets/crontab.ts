import { parseCrontab } from "../../../src/command/crontab.ts";
import { ForsunError } from "../../../src/core/errors.ts";
import { maxThriftSeconds } from "../../../src/core/time.ts";
import { createCheckedPlans } from "../checked_plans.ts";
import { outcomeOf } from "../fuzz_target.ts";
import { textTarget } from "../text_target.ts";
import { commandLines, commandWords } from "./command_line.ts";

const plans = createCheckedPlans();
const lines = commandLines
  .filter((line) => line.startsWith("set "))
  .map((line) => line.slice("set ".length));

/** A crontab's body, and all checks of the plans in it. */
export const crontab = {
  ...textTarget({
    name: "crontab",
    seeds: [
      ...lines,
      lines.join("\n"),
      "# a comment\r\n\r\nbackup 0 30 4 * * * shell tar c /srv | gzip > /tmp/a",
      "a 0 0 0 29 2 * http url=http://x/;auth_mode=digest;auth_username=u",
      "a * * * * * * http url=http://x/;method=put;header_A=b;retry_max_count=1",
      "a 59 59 23 31 12 7 redis command='SET a 1;GET a';port=6379;selected_db=1",
      "a */1 */1 */1 */1 */1 * shell cmd=ls;env='a=1;b=2';timeout=0.5;cwd=/",
      "a cron '0 0 L * *' shell cmd=ls;time_zone=America/New_York;misfire=all",
    ],
    dictionary: commandWords,
    async parse(text) {
      const outcomes: string[] = [];
      for (const line of parseCrontab(text)) {
        if (line.kind === "error") {
          outcomes.push(outcomeOf(line.error));
          continue;
        }
        const { action, schedule } = line.plan;
        const notAfter = maxThriftSeconds;
        await plans.service.put(line.plan, { notAfter }).then(
          () => outcomes.push(`${schedule.kind} ${action}`),
          (error) => {
            if (!(error instanceof ForsunError)) throw error;
            outcomes.push(outcomeOf(error));
          },
        );
      }
      return outcomes.slice(0, 2).join("; ");
    },
    isRefusal: () => false,
    usualRuns: 12_000,
  }),
  end: plans.end,
};
