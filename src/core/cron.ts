import { cannotCreate } from "./cannot_create.ts";
import { type CivilPattern, nextMatch } from "./civil_pattern.ts";
import { parseCronPattern } from "./cron_pattern.ts";
import {
  ErrorCode,
  ForsunError,
  invalidArgument,
  neverComes,
} from "./errors.ts";
import { memoize } from "./memoize.ts";
import { quote } from "./quote.ts";
import { checkTimeZone } from "./time_zone.ts";

/** A cron expression of 5, 6 or 7 fields: [second] minute hour day month weekday [year]. */
export interface CronSchedule {
  readonly kind: "cron";
  /** As the client gave it. */
  readonly expression: string;
  /** An IANA name; undefined is the daemon's. */
  readonly timeZone: string | undefined;
}

/** Enough to list every value of every field, and a bound for what is remembered below. */
const maxExpressionLength = 1500;

/** Parsing takes tens of microseconds, and many plans share few expressions. */
const patterns = memoize(parseCronPattern, 1000);

/**
 * Throws error 1007 with the parser's reason when `expression` isn't one or the
 * zone is unknown, and 1002 when no date up to the end of 2106 satisfies it.
 */
export function createCronSchedule(
  expression: string,
  { key, timeZone }: {
    readonly key: string;
    readonly timeZone: string | undefined;
  },
): CronSchedule {
  const schedule: CronSchedule = { kind: "cron", expression, timeZone };
  if (expression.length > maxExpressionLength) {
    const reason = `cron must have at most ${maxExpressionLength} characters`;
    throw invalidArgument(
      cannotCreate(key, `${reason}, got ${expression.length}`),
    );
  }
  const pattern = checkedPattern(schedule, key);
  checkTimeZone(timeZone, key);
  if (nextMatch(pattern, 0) === undefined) {
    const reason = `cron ${quote(expression)} never comes`;
    throw neverComes(cannotCreate(key, reason));
  }
  return schedule;
}

/** The wall-clock readings that the schedule means. */
export function cronPattern({ expression }: CronSchedule): CivilPattern {
  return patterns(expression);
}

function checkedPattern(schedule: CronSchedule, key: string): CivilPattern {
  try {
    return cronPattern(schedule);
  } catch (error) {
    const { expression } = schedule;
    const refused = `cron ${quote(expression)} is invalid`;
    throw new ForsunError(
      ErrorCode.invalidArgument,
      cannotCreate(key, `${refused}: ${reasonOf(error, expression)}`),
      { cause: error },
    );
  }
}

/** The parser's message on one line, without its name and the expression again. */
function reasonOf(error: unknown, expression: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.replace(/^CronPattern: /, "")
    .replace(` ('${expression}')`, "")
    .replace("nearestWeekdays", "day")
    // Here it counts from 0 what everyone counts from 1.
    .replace(
      /^(Invalid value for (?:day|month): )(-?\d+)$/,
      (_, start, value) => start + (Number(value) + 1),
    );
  return quote(reason, 200).slice(1, -1);
}
