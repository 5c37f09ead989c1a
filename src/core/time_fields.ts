import { cannotCreate } from "./cannot_create.ts";
import { invalidArgument } from "./errors.ts";

/** The six time fields of a plan; undefined is "any" in a calendar and "unused" in a timeout. */
export interface TimeFields {
  readonly second: number | undefined;
  readonly minute: number | undefined;
  readonly hour: number | undefined;
  readonly day: number | undefined;
  readonly month: number | undefined;
  readonly week: number | undefined;
}

/** The names of the fields in the order in which every command and wire has them. */
export const timeFieldNames = [
  "second",
  "minute",
  "hour",
  "day",
  "month",
  "week",
] as const;

/** What a number may be, both ends included. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** Throws error 1007 unless `value`, the field `name` of the plan `key`, is whole and in `range`. */
export function checkNumber(
  name: string,
  value: number,
  { key, range }: { readonly key: string; readonly range: NumberRange },
): void {
  const { min, max } = range;
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const bounds = max === Number.MAX_SAFE_INTEGER
    ? `${min} or more`
    : `${min} to ${max}`;
  const wanted = Number.isInteger(value) ? bounds : `a whole number, ${bounds}`;
  const reason = `${name} must be ${wanted}, got ${value}`;
  throw invalidArgument(cannotCreate(key, reason));
}

/** The fields that are set, for messages: `month 2, day 29`, the coarsest first. */
export function describeFields(fields: TimeFields): string {
  return timeFieldNames
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name} ${fields[name]}`)
    .reverse()
    .join(", ");
}
