import * as v from "valibot";
import { strictFields } from "./strict_fields.ts";

const notWhole = "must be a whole number, or -1";

/** A whole number, which old clients also send as text. */
const wholeNumber = v.union([
  v.pipe(v.number(), v.safeInteger(notWhole), v.minValue(-1, notWhole)),
  v.pipe(
    v.string(),
    v.regex(/^(-1|\d{1,15})$/, notWhole),
    v.transform(Number),
  ),
], notWhole);

/** A param's value: text, in which numbers and truth values end as well. */
const paramValue = v.union([
  v.string(),
  v.pipe(v.number(), v.transform(String)),
  v.pipe(v.boolean(), v.transform(String)),
], "must be text");

const notObject = "must be an object";

const field = v.nullish(wholeNumber);
const text = v.nullish(v.string("must be text"));

function described<Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
): v.SchemaWithPipe<
  readonly [Schema, v.DescriptionAction<v.InferOutput<Schema>, string>]
> {
  return v.pipe(schema, v.description(description));
}

const planEntries = {
  key: described(text, "A unique one is made up when it is missing or empty"),
  second: described(field, "-1 or missing: any, or unused in a delay"),
  seconds: described(field, "Another name of second"),
  minute: field,
  hour: field,
  day: field,
  month: field,
  week: described(field, "0 to 7, Sunday is 0 and 7; in a delay: weeks"),
  count: described(field, "Runs of a delay in all, 0 has no end"),
  action: described(text, "shell when missing"),
  params: described(
    v.nullish(v.record(v.string(), paramValue, notObject)),
    "What the action needs to know",
  ),
  cron: described(text, "A cron expression, in the place of the time fields"),
  in: described(
    v.nullish(v.union([wholeNumber, v.string()], "must be a duration")),
    'A delay such as "90s", "30m" or "1h30m", or seconds, in the place of the time fields; runs once unless count says more',
  ),
  at: described(
    v.nullish(v.union([wholeNumber, v.string()], "must be a time")),
    'Epoch seconds or "YYYY-MM-DD HH:MM:SS", in the place of the time fields; runs once',
  ),
  time_zone: described(text, "IANA name, for calendars, cron and at"),
};

/** What a plan has besides when it is shown: who sends it back means the plan alone. */
const shown = described(
  v.optional(v.unknown()),
  "Of a plan that was shown, not looked at",
);
const shownEntries = {
  is_time_out: shown,
  next_time: shown,
  status: shown,
  current_count: shown,
  last_timeout: shown,
  created_time: shown,
  outcome: shown,
};

/** What a client asks for in JSON: these fields and no others. */
export const planBody = strictFields({
  ...planEntries,
  ...shownEntries,
  method: described(
    v.optional(v.unknown()),
    "Of plans in an array, not looked at",
  ),
});

/** A plan among several: it says itself of which kind it is. */
export const manyPlansItem = strictFields({
  ...planEntries,
  ...shownEntries,
  method: described(
    v.nullish(
      v.picklist(
        ["create", "createTimeout"],
        "must be create or createTimeout",
      ),
    ),
    "create: time fields are a calendar; createTimeout, the default: a delay",
  ),
});

const counter = v.pipe(
  v.number(),
  v.safeInteger(notWhole),
  v.minValue(0, notWhole),
);

/** A line of a bulk creation, which may be a plan as GET shows it. */
export const bulkItem = strictFields({
  ...manyPlansItem.entries,
  is_time_out: described(
    v.nullish(v.boolean("must be true or false")),
    "What method is not given for: true is createTimeout, false create",
  ),
  next_time: described(
    field,
    "With is_time_out: the plan was elsewhere before, and goes on there, with what follows",
  ),
  current_count: field,
  last_timeout: field,
  created_time: field,
  outcome: v.nullish(
    v.object({
      status: v.picklist([1, -1], "must be 1 or -1"),
      attempt: counter,
      ended_at: counter,
      duration_ms: counter,
      detail: v.string("must be text"),
    }, notObject),
  ),
});

export type BulkItem = v.InferOutput<typeof bulkItem>;

export const onePlanOrMany = v.union([planBody, v.array(manyPlansItem)]);

export type PlanBody = v.InferOutput<typeof planBody>;
