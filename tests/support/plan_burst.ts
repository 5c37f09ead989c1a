import type { Params } from "../../src/core/plan.ts";
import type { DaemonConnection } from "../../src/thrift/client.ts";
import { eventually } from "./eventually.ts";

type Client = DaemonConnection["client"];

/** Creates plans that are due in about two seconds. */
export async function createPlans(
  client: Client,
  count: number,
  { action, params, key = "order:" }: {
    readonly action: string;
    readonly params: (key: string) => Params;
    readonly key?: string;
  },
): Promise<void> {
  const none = [-1, -1, -1, -1, -1] as const;
  await Promise.all(Array.from({ length: count }, (_, at) => {
    const name = `${key}${at}`;
    return client.createTimeout(name, 2, ...none, 1, action, params(name));
  }));
}

/** Waits until all plans are over, and gives what the daemon counted. */
export async function untilOver(
  client: Client,
): Promise<Record<string, number>> {
  let info: Record<string, string> = {};
  await eventually(async () => {
    info = await client.info();
    return info.plan_count === "0";
  }, 60_000);
  return Object.fromEntries(
    Object.entries(info).map(([name, value]) => [name, Number(value)]),
  );
}
