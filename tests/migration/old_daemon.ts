import assert from "node:assert/strict";
import { join } from "node:path";
import { requireSuccess } from "../support/services.ts";

/** Whether Python's msgpack is there, by which tests have old data written. */
export const needed = {
  "python3-msgpack": await requireSuccess(
    "/usr/bin/python3",
    "-c",
    "import msgpack",
  ),
};

/** A plan as the first daemon had it in memory. */
export type OldPlanData = Readonly<Record<string, unknown>>;

export interface OldData {
  readonly plans: readonly OldPlanData[];
  /** What the first daemon knew of the keys of each second. */
  readonly times: Readonly<Record<number, Readonly<Record<string, string>>>>;
  readonly current_time: number;
  /** What keys in Redis begin with; `forsun:0` when not given. */
  readonly names?: string;
}

/** A plan with what every plan has. */
export function oldPlan(key: string, fields: OldPlanData): OldPlanData {
  return {
    key,
    second: 0,
    minute: -1,
    hour: -1,
    day: -1,
    month: -1,
    week: -1,
    status: 0,
    count: 1,
    is_time_out: true,
    next_time: 0,
    current_count: 0,
    last_timeout: 0,
    created_time: 0,
    action: "shell",
    params: { cmd: "true" },
    ...fields,
  };
}

/** The plans, each still to run at its next_time. */
export function pendingData(
  plans: readonly OldPlanData[],
  currentTime: number,
): OldData {
  const times: Record<number, Record<string, string>> = {};
  for (const { key, next_time } of plans) {
    times[next_time as number] ??= {};
    times[next_time as number][key as string] = "0";
  }
  return { plans, times, current_time: currentTime };
}

/** Has Python write the dump. */
export function writeDump(path: string, data: OldData): Promise<void> {
  return runPython(["dump", path], data);
}

/** Has Python write the keys. */
export function writeRedis(port: number, data: OldData): Promise<void> {
  return runPython(["redis", String(port)], data);
}

async function runPython(
  args: readonly string[],
  data: OldData,
): Promise<void> {
  const script = join(import.meta.dirname ?? ".", "old_daemon.py");
  const child = new Deno.Command("/usr/bin/python3", {
    args: [script, ...args],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(data)));
  await writer.close();
  const { success, stderr } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
}
