import { formatInfo } from "../command/format_info.ts";
import { formatLocalTime } from "../command/local_time.ts";
import { formatPlan } from "../command/format_plan.ts";
import type { WirePlan } from "../thrift/wire_plan.ts";
import { toPlanJson, toPlanView } from "./plan_output.ts";
import type { Terminal } from "./terminal.ts";

/** Where and how answers are printed. */
export interface PrintOptions {
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly showSecrets: boolean;
}

/** Prints a line for each plan. */
export function printPlans(
  plans: readonly WirePlan[],
  { terminal, isJson, showSecrets }: PrintOptions,
): void {
  const { timeZone } = terminal;
  const lines = plans.map((plan) =>
    isJson
      ? toPlanJson(plan, { showSecrets })
      : formatPlan(toPlanView(plan), { timeZone, showSecrets })
  );
  if (lines.length > 0) terminal.print(lines.join("\n"));
}

/** Prints what the daemon tells of itself, as groups of lines or one of JSON. */
export function printInfo(
  info: Readonly<Record<string, string>>,
  { terminal, isJson }: PrintOptions,
): void {
  const { timeZone } = terminal;
  const lines = isJson
    ? [JSON.stringify(info)]
    : formatInfo(info, { timeZone });
  terminal.print(lines.join("\n"));
}

/** Prints a line for each node. */
export function printNodes(
  nodes: readonly Readonly<Record<string, string>>[],
  { terminal, isJson }: PrintOptions,
): void {
  const { timeZone } = terminal;
  const time = (text: string) => formatLocalTime(Number(text), timeZone);
  const lines = nodes.map((node) =>
    isJson
      ? JSON.stringify(node)
      : `${node.name} ${node.version} ${node.mode} started ${
        time(node.start_time)
      } seen ${
        time(node.seen_time)
      } lag ${node.lag_ms} ms, ${node.leases} leases`
  );
  if (lines.length > 0) terminal.print(lines.join("\n"));
}

export function printVersion(
  version: string,
  { terminal, isJson }: PrintOptions,
): void {
  terminal.print(isJson ? JSON.stringify({ version }) : version);
}
