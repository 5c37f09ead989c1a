import type { Misfire, Params, Plan } from "../core/plan.ts";
import type { Schedule } from "../core/schedule.ts";
import { textBound } from "../core/text.ts";
import type { TimeFields } from "../core/time_fields.ts";
import { delayOf } from "../core/timeout.ts";
import type { ByteReader } from "./byte_reader.ts";
import type { ByteWriter } from "./byte_writer.ts";

/**
 * Writes what a plan is besides its key:
 *
 *     u32 created at, u8 kind and misfire, schedule, word action, params
 *
 * A word is one byte for the words in common use, else 0 and a text.
 */
export function writePlanBody(writer: ByteWriter, plan: Plan): void {
  writer.u32(plan.createdAt);
  writeSchedule(writer, plan.schedule, misfires.indexOf(plan.misfire));
  writeWord(writer, plan.action);
  const names = Object.keys(plan.params);
  writer.varint(names.length);
  for (const name of names) {
    writeWord(writer, name);
    writer.text(plan.params[name]);
  }
}

/**
 * Reads what {@link writePlanBody} wrote.
 * @throws {RangeError} when it can't be that
 */
export function readPlanBody(reader: ByteReader, key: string): Plan {
  const createdAt = reader.u32();
  const tag = reader.u8();
  const schedule = readSchedule(reader, tag & 0xf);
  const misfire = misfireOf(tag >>> 4);
  const action = readWord(reader);
  return {
    key,
    schedule,
    misfire,
    action,
    params: readParams(reader),
    createdAt,
  };
}

/** A number of bytes that holds the plan's body in any case. */
export function planBound(plan: Plan): number {
  let bound = 64 + textBound(plan.action);
  if (plan.schedule.kind === "cron") {
    bound += textBound(plan.schedule.expression);
  }
  if (plan.schedule.kind !== "timeout") {
    bound += textBound(plan.schedule.timeZone ?? "");
  }
  for (const name in plan.params) {
    bound += 12 + textBound(name) + textBound(plan.params[name]);
  }
  return bound;
}

function misfireOf(code: number): Misfire {
  const misfire = misfires[code];
  if (misfire === undefined) {
    throw new RangeError(`No misfire rule has the code ${code}`);
  }
  return misfire;
}

const misfires: readonly Misfire[] = ["once", "skip", "all"];
const kinds = { timeout: 0, calendar: 1, cron: 2 } as const;

function writeSchedule(
  writer: ByteWriter,
  schedule: Schedule,
  misfire: number,
): void {
  writer.u8(kinds[schedule.kind] | (misfire << 4));
  switch (schedule.kind) {
    case "timeout":
      writeFields(writer, schedule.fields);
      writer.varint(schedule.count);
      break;
    case "calendar":
      writeFields(writer, schedule.fields);
      writer.text(schedule.timeZone ?? "");
      break;
    case "cron":
      writer.text(schedule.expression);
      writer.text(schedule.timeZone ?? "");
      break;
    default:
      schedule satisfies never;
  }
}

function readSchedule(reader: ByteReader, kind: number): Schedule {
  switch (kind) {
    case kinds.timeout: {
      const fields = readFields(reader);
      const delaySeconds = delayOf(fields);
      return { kind: "timeout", fields, delaySeconds, count: reader.varint() };
    }
    case kinds.calendar: {
      const fields = readFields(reader);
      return { kind: "calendar", fields, timeZone: reader.text() || undefined };
    }
    case kinds.cron: {
      const expression = reader.text();
      return { kind: "cron", expression, timeZone: reader.text() || undefined };
    }
    default:
      throw new RangeError(`No schedule has the kind ${kind}`);
  }
}

/** A byte with a bit for each field that is set, then those fields. */
function writeFields(writer: ByteWriter, fields: TimeFields): void {
  const { second, minute, hour, day, month, week } = fields;
  writer.u8(
    (second === undefined ? 0 : 1) | (minute === undefined ? 0 : 2) |
      (hour === undefined ? 0 : 4) | (day === undefined ? 0 : 8) |
      (month === undefined ? 0 : 16) | (week === undefined ? 0 : 32),
  );
  if (second !== undefined) writer.varint(second);
  if (minute !== undefined) writer.varint(minute);
  if (hour !== undefined) writer.varint(hour);
  if (day !== undefined) writer.varint(day);
  if (month !== undefined) writer.varint(month);
  if (week !== undefined) writer.varint(week);
}

function readFields(reader: ByteReader): TimeFields {
  const set = reader.u8();
  return {
    second: set & 1 ? reader.varint() : undefined,
    minute: set & 2 ? reader.varint() : undefined,
    hour: set & 4 ? reader.varint() : undefined,
    day: set & 8 ? reader.varint() : undefined,
    month: set & 16 ? reader.varint() : undefined,
    week: set & 32 ? reader.varint() : undefined,
  };
}

function readParams(reader: ByteReader): Params {
  const params: Record<string, string> = {};
  for (let left = reader.varint(); left > 0; left--) {
    const name = readWord(reader);
    params[name] = reader.text();
  }
  return params;
}

function writeWord(writer: ByteWriter, word: string): void {
  const code = wordCodes.get(word);
  if (code !== undefined) {
    writer.u8(code);
  } else {
    writer.u8(0);
    writer.text(word);
  }
}

function readWord(reader: ByteReader): string {
  const code = reader.u8();
  if (code === 0) return reader.text();
  const word = words[code - 1];
  if (word === undefined) throw new RangeError(`No word has the code ${code}`);
  return word;
}

/** Codes are places in this list: only ever append to it. */
const words = [
  "shell",
  "http",
  "redis",
  "mysql",
  "beanstalk",
  "thrift",
  "cmd",
  "cwd",
  "env",
  "timeout",
  "url",
  "method",
  "body",
  "user_agent",
  "connect_timeout",
  "request_timeout",
  "auth_username",
  "auth_password",
  "auth_mode",
  "header_Content-Type",
  "header_Authorization",
  "host",
  "port",
  "selected_db",
  "password",
  "max_connections",
  "command",
  "db",
  "user",
  "passwd",
  "sql",
  "name",
  "time_zone",
  "misfire",
  "retry_max_count",
  "retry_delay_seconds",
  "retry_backoff",
]; // deno-fmt-ignore
const wordCodes: ReadonlyMap<string, number> = new Map(
  words.map((word, index) => [word, index + 1]),
);
