import { timeFieldNames } from "../core/time_fields.ts";
import { formatLocalTime } from "./local_time.ts";
import { cronWord, zonePrefix } from "./parse_plan.ts";
import { formatParams, type FormatParamsOptions } from "./params_text.ts";
import type { PlanView } from "./plan_view.ts";
import { quoteText, quoteWord } from "./quoted_text.ts";

/** Stands for the time of a plan that has no next occurrence, as wide as one and as many words. */
export const noTime = "---------- --:--:--+--:--";

export interface FormatPlanOptions extends FormatParamsOptions {
  /** The IANA zone that the next occurrence is shown in; undefined is this process's own. */
  readonly timeZone: string | undefined;
}

/**
 * The line that `set`, `get`, `ls`, `time` and `current` print:
 * `2026-11-23 16:32:00+08:00 KEY S M H D MO W ACTION "name='value';…"`.
 */
export function formatPlan(plan: PlanView, options: FormatPlanOptions): string {
  const { nextAt } = plan;
  const time = nextAt === undefined || nextAt === 0
    ? noTime
    : formatLocalTime(nextAt, options.timeZone);
  return `${time} ${formatSetArguments(plan, options)}`;
}

/**
 * The line behind its time, which `set` takes as it stands and makes the same
 * plan of, unless secrets are masked.
 */
export function formatSetArguments(
  plan: PlanView,
  options: FormatParamsOptions = {},
): string {
  const params = formatParams(plan.params, options);
  return [
    quoteWord(plan.key),
    ...formatSchedule(plan),
    quoteWord(plan.action),
    quoteText(params, '"'),
  ].join(" ");
}

function formatSchedule(plan: PlanView): readonly string[] {
  if (plan.cron === undefined && plan.isTimeOut) return formatTimeout(plan);
  const zone = plan.timeZone === undefined
    ? []
    : [quoteWord(zonePrefix + plan.timeZone)];
  if (plan.cron !== undefined) {
    return [...zone, cronWord, quoteText(plan.cron, '"')];
  }
  const fields = timeFieldNames.map((name) => plan[name]);
  return [...zone, ...fields.map((value) => value < 0 ? "*" : String(value))];
}

/** A timeout of no delay still needs one field that says that it is one. */
function formatTimeout(plan: PlanView): readonly string[] {
  const { count } = plan;
  const fields = timeFieldNames.map((name) =>
    plan[name] > 0 ? `*/${plan[name]}/${count}` : "*"
  );
  return fields.some((field) => field !== "*")
    ? fields
    : [`*/0/${count}`, ...fields.slice(1)];
}
