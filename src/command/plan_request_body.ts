import { readDelay } from "./duration.ts";
import { readMoment } from "./read_moment.ts";
import { cannotCreate } from "../core/cannot_create.ts";
import { ForsunError, invalidArgument } from "../core/errors.ts";
import { momentSchedule } from "../core/moment.ts";
import type { PlanRequest, RequestedSchedule } from "../core/plan_request.ts";
import { maxUnixSeconds, type UnixSeconds } from "../core/time.ts";
import type { TimeFields } from "../core/time_fields.ts";
import type { PlanBody } from "./plan_body.ts";

/** What a body means depends on. */
export interface BodyPlace {
  readonly now: UnixSeconds;
  /** Of a time of day without a zone. */
  readonly timeZone: string;
}

/** What the time fields are: moments of the calendar, or a delay. */
export type FieldsKind = "calendar" | "timeout";

/**
 * The plan that a body asks for.
 * @throws {ForsunError} 1007 where fields contradict each other or can't be read
 */
export function toPlanRequest(
  body: PlanBody,
  kind: FieldsKind,
  place: BodyPlace,
): PlanRequest {
  const key = body.key ?? "";
  try {
    const schedule = toSchedule(body, kind, place);
    const zone = schedule.kind === "timeout" ? undefined : schedule.timeZone;
    const params = body.params ?? {};
    return {
      key,
      schedule,
      action: body.action || "shell",
      // Where all interfaces look for it.
      params: zone === undefined ? params : { ...params, time_zone: zone },
    };
  } catch (error) {
    if (!(error instanceof ForsunError)) throw error;
    const message = cannotCreate(key || undefined, error.message);
    throw new ForsunError(error.code, message, { cause: error });
  }
}

function toSchedule(
  body: PlanBody,
  kind: FieldsKind,
  place: BodyPlace,
): RequestedSchedule {
  const fields = toFields(body);
  const timeZone = body.time_zone ?? undefined;
  const hasFields = Object.values(fields).some((one) => one !== undefined);
  const ways = [
    ...(body.cron != null ? ["cron"] : []),
    ...(body.in != null ? ["in"] : []),
    ...(body.at != null ? ["at"] : []),
    ...(hasFields ? ["time fields"] : []),
  ];
  if (ways.length > 1) {
    throw invalidArgument(
      `give one of cron, in, at and time fields, got ${ways.join(" and ")}`,
    );
  }
  if (body.cron != null) {
    return { kind: "cron", expression: body.cron, timeZone };
  }
  if (body.in != null) {
    const fields = readDelay(String(body.in), {
      name: "in",
      now: place.now,
      last: maxUnixSeconds,
    });
    return { kind: "timeout", fields, count: body.count ?? 1 };
  }
  if (body.at != null) {
    const second = readMoment(String(body.at), {
      name: "at",
      timeZone: timeZone ?? place.timeZone,
      now: place.now,
      last: maxUnixSeconds,
    });
    return momentSchedule(second);
  }
  return kind === "timeout"
    ? { kind, fields, count: body.count ?? 0 }
    : { kind, fields, timeZone };
}

function toFields(body: PlanBody): TimeFields {
  return {
    second: given(body.second ?? body.seconds),
    minute: given(body.minute),
    hour: given(body.hour),
    day: given(body.day),
    month: given(body.month),
    week: given(body.week),
  };
}

/** -1 is "any" or unused, as on the Thrift interface. */
function given(value: number | null | undefined): number | undefined {
  return value === -1 ? undefined : value ?? undefined;
}
