import type { PlanView } from "../command/plan_view.ts";
import { maskParams } from "../core/secret_params.ts";
import type { WirePlan } from "../thrift/wire_plan.ts";

/** A plan as `set`, `get` and `ls` print it: its time zone stands before the fields. */
export function toPlanView(plan: WirePlan): PlanView {
  const { time_zone: timeZone, ...params } = plan.params;
  const hasZone = timeZone !== undefined && !plan.is_time_out;
  return {
    key: plan.key,
    isTimeOut: plan.is_time_out,
    second: plan.second,
    minute: plan.minute,
    hour: plan.hour,
    day: plan.day,
    month: plan.month,
    week: plan.week,
    count: plan.count,
    nextAt: plan.next_time,
    action: plan.action,
    params: hasZone ? params : plan.params,
    ...plan.cron ? { cron: plan.cron } : {},
    ...hasZone ? { timeZone } : {},
  };
}

/** A plan as a line of JSON, in the words of the HTTP interface. */
export function toPlanJson(
  plan: WirePlan,
  { showSecrets }: { readonly showSecrets: boolean },
): string {
  const params = showSecrets ? plan.params : maskParams(plan.params);
  const { cron, created_time, outcome, ...rest } = plan;
  return JSON.stringify({
    ...rest,
    ...cron ? { cron } : {},
    ...created_time ? { created_time } : {},
    params,
    ...outcome ? { outcome } : {},
  });
}
