import { readMoment } from "../command/read_moment.ts";
import { invalidArgument } from "../core/errors.ts";
import { momentSchedule } from "../core/moment.ts";
import type { RequestedSchedule } from "../core/plan_request.ts";
import { quote } from "../core/quote.ts";
import { currentSecond, maxThriftSeconds } from "../core/time.ts";
import { isTimeZone } from "../core/time_zone.ts";
import { delayOf } from "../core/timeout.ts";
import { readDelay } from "../command/duration.ts";
import type { Terminal } from "./terminal.ts";

/** The flags of `forsun set` that say when. */
export interface ScheduleFlags {
  readonly in?: string;
  readonly every?: string;
  readonly count?: string;
  readonly at?: string;
  readonly daily?: string;
  readonly cron?: string;
  readonly tz?: string;
  readonly misfire?: string;
}

/** Where a time without a zone is one. */
export type Place = Pick<Terminal, "clock" | "timeZone">;

/**
 * The schedule that the flags ask for.
 * @throws {ForsunError} 1007 naming the flag, also of one that goes with others only
 */
export function readSchedule(
  flags: ScheduleFlags,
  place: Place,
): RequestedSchedule {
  const kinds = scheduleFlags.filter((name) => flags[name] !== undefined);
  if (kinds.length !== 1) {
    const got = kinds.map((name) => `--${name}`).join(" and ") || "none";
    throw invalidArgument(
      `set: give one of --in, --every, --at, --daily and --cron, got ${got}`,
    );
  }
  const [kind] = kinds;
  const { tz: timeZone } = flags;
  checkCompany(flags, kind);
  switch (kind) {
    case "in":
    case "every": {
      const fields = readDelay(flags[kind] ?? "", {
        name: `--${kind}`,
        now: currentSecond(place.clock),
        last: maxThriftSeconds,
      });
      if (kind === "every" && delayOf(fields) === 0) {
        throw invalidArgument(
          `--every must be more than 0 s, got ${quote(flags.every ?? "")}`,
        );
      }
      const count = readCount(flags.count, kind === "in" ? 1 : 0);
      return { kind: "timeout", fields, count };
    }
    case "at": {
      const second = readMoment(flags.at ?? "", {
        name: "--at",
        timeZone: timeZone ?? place.timeZone,
        now: currentSecond(place.clock),
        last: maxThriftSeconds,
      });
      return momentSchedule(second);
    }
    case "daily":
      return {
        kind: "calendar",
        fields: readTimeOfDay(flags.daily ?? ""),
        timeZone,
      };
    case "cron":
      return { kind: "cron", expression: flags.cron ?? "", timeZone };
    default:
      return kind satisfies never;
  }
}

const scheduleFlags = ["in", "every", "at", "daily", "cron"] as const;

type Kind = typeof scheduleFlags[number];

function checkCompany(
  { count, tz, misfire }: ScheduleFlags,
  kind: Kind,
): void {
  const isDelay = kind === "in" || kind === "every";
  if (misfire !== undefined && isDelay) {
    throw invalidArgument(
      `--misfire is for --at, --daily and --cron, got it with --${kind}`,
    );
  }
  if (count !== undefined && !isDelay) {
    throw invalidArgument(
      `--count is for --in and --every, got it with --${kind}`,
    );
  }
  if (tz === undefined) return;
  if (isDelay) {
    throw invalidArgument(
      `--tz is for --at, --daily and --cron, got it with --${kind}`,
    );
  }
  if (isTimeZone(tz)) return;
  throw invalidArgument(
    `--tz must be a time zone such as Europe/Berlin, got ${quote(tz)}`,
  );
}

function readTimeOfDay(
  text: string,
): Extract<RequestedSchedule, { kind: "calendar" }>["fields"] {
  const match = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  const [hour, minute, second] =
    match?.slice(1).map((part) => Number(part ?? 0)) ?? [];
  if (match === null || hour > 23 || minute > 59 || second > 59) {
    throw invalidArgument(
      `--daily must be HH:MM or HH:MM:SS, got ${quote(text)}`,
    );
  }
  return {
    second,
    minute,
    hour,
    day: undefined,
    month: undefined,
    week: undefined,
  };
}

function readCount(text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (/^\d+$/.test(text)) return Number(text);
  throw invalidArgument(
    `--count must be a whole number, 0 for no end, got ${quote(text)}`,
  );
}
