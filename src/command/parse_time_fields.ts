import { invalidArgument } from "../core/errors.ts";
import { timeFieldNames, type TimeFields } from "../core/time_fields.ts";
import type { RequestedSchedule } from "../core/plan_request.ts";
import { parseTimeField, type TimeField } from "./time_field.ts";

/** The count of a timeout none of whose fields has one, as createTimeout's. */
const countUnlessGiven = 1;

/**
 * The schedule that the words SECOND to WEEK ask for.
 *
 * One `*\/N` makes it a timeout. All fields that are no `*\/N` then count as 0,
 * plain numbers too, as ever; the line that `set` prints shows what became of
 * them.
 *
 * @param texts six words, in the order of {@link timeFieldNames}
 * @throws {ForsunError} 1007 at a field that isn't one, and at two counts that
 * differ
 */
export function parseTimeFields(
  texts: readonly string[],
  timeZone: string | undefined,
): RequestedSchedule {
  const fields = texts.map((text, index) =>
    parseTimeField(timeFieldNames[index].toUpperCase(), text)
  );
  if (!fields.some(({ kind }) => kind === "every")) {
    return { kind: "calendar", fields: pick(fields, "at"), timeZone };
  }
  if (timeZone !== undefined) {
    throw invalidArgument("TZ is for calendar and cron plans, not for */N");
  }
  const count = agreedCount(fields) ?? countUnlessGiven;
  return { kind: "timeout", fields: pick(fields, "every"), count };
}

function pick(fields: readonly TimeField[], kind: "at" | "every"): TimeFields {
  const [second, minute, hour, day, month, week] = fields.map((field) =>
    field.kind !== "any" && field.kind === kind ? field.value : undefined
  );
  return { second, minute, hour, day, month, week };
}

function agreedCount(fields: readonly TimeField[]): number | undefined {
  let agreed: number | undefined;
  for (const [index, field] of fields.entries()) {
    if (field.kind !== "every" || field.count === undefined) continue;
    if (agreed !== undefined && field.count !== agreed) {
      const name = timeFieldNames[index].toUpperCase();
      throw invalidArgument(
        `${name} must have the same COUNT as the fields before it, ${agreed}, got ${field.count}`,
      );
    }
    agreed = field.count;
  }
  return agreed;
}
