import { maxUnixSeconds } from "../core/time.ts";
import { formatLocalTime } from "./local_time.ts";

/** What `info` tells, in the order in which it is printed. */
const groups: readonly (readonly string[])[] = [
  [
    "python_version",
    "deno_version",
    "forsun_version",
    "start_time",
    "current_time",
    "cpu_user",
    "cpu_system",
    "mem_rss",
    "mem_vms",
  ],
  [
    "stores",
    "current_store",
    "actions",
    "extensions",
    "bind_port",
    "http_bind_port",
  ],
  [
    "connecting_count",
    "connected_count",
    "requesting_count",
    "requested_count",
    "requested_error_count",
  ],
  [
    "http_connecting_count",
    "http_connected_count",
    "http_requesting_count",
    "http_requested_count",
    "http_requested_error_count",
  ],
  [
    "created_count",
    "create_timeouted_count",
    "removed_count",
    "plan_count",
    "timeout_handling_count",
    "timeout_handled_count",
  ],
  [
    "action_executing_count",
    "action_executed_count",
    "action_executed_error_count",
    "action_retried_count",
  ],
  ["timer_loop_count", "timer_loop_ready_error_count"],
];

const byteKeys: ReadonlySet<string> = new Set(["mem_rss", "mem_vms"]);
const timeKeys: ReadonlySet<string> = new Set(["start_time", "current_time"]);
const bytesPerMega = 1024 ** 2;

/**
 * The lines that `info` prints, `key:<TAB>value` each and an empty one between
 * groups. Keys without a group come last, in alphabetical order. Memory is shown
 * as `38.16M` (of 1024² bytes), epoch seconds as times in the IANA zone
 * `timeZone`, or this process's own when it is undefined; a value that isn't such
 * a number, as those of other daemons, and all other values stay as they are, but
 * for control characters, which become spaces.
 */
export function formatInfo(
  info: Readonly<Record<string, string>>,
  { timeZone }: { readonly timeZone: string | undefined },
): readonly string[] {
  const known = new Set(groups.flat());
  const others = Object.keys(info).filter((key) => !known.has(key)).sort();
  return [...groups, others]
    .map((keys) => keys.filter((key) => Object.hasOwn(info, key)))
    .filter((keys) => keys.length > 0)
    .flatMap((keys, index) => {
      const lines = keys.map((key) =>
        `${key}:\t${formatValue(key, info[key], timeZone)}`
      );
      return index === 0 ? lines : ["", ...lines];
    });
}

function formatValue(
  key: string,
  value: string,
  timeZone: string | undefined,
): string {
  if (byteKeys.has(key) && /^\d+$/.test(value)) {
    return `${(Number(value) / bytesPerMega).toFixed(2)}M`;
  }
  if (timeKeys.has(key) && isUnixSeconds(value)) {
    return formatLocalTime(Number(value), timeZone);
  }
  return value.replace(/\p{Cc}+/gu, " ");
}

function isUnixSeconds(value: string): boolean {
  return /^\d+$/.test(value) && Number(value) <= maxUnixSeconds;
}
