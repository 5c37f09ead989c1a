import * as v from "valibot";
import { HttpRefusal } from "./envelope.ts";
import { issueMessage } from "../command/issue_message.ts";

/** A whole number of the query, `usual` when it is missing. */
export function queryNumber(
  { min, max, usual, about }: {
    readonly min: number;
    readonly max: number;
    readonly usual: number;
    readonly about: string;
  },
): v.GenericSchema<string | undefined, number> {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.optional(
    v.pipe(
      v.string(message),
      v.regex(/^\d{1,15}$/, message),
      v.transform(Number),
      v.number(),
      v.integer(),
      v.minValue(min, message),
      v.maxValue(max, message),
      v.description(about),
    ),
    String(usual),
  );
}

/** A text of the query, which must not be missing or empty. */
export function queryKey(about: string): v.GenericSchema<string, string> {
  return v.pipe(
    v.string("is missing"),
    v.minLength(1, "must not be empty"),
    v.description(about),
  );
}

/** A text of the query, empty when it is missing. */
export function queryText(
  about: string,
): v.GenericSchema<string | undefined, string> {
  return v.optional(v.pipe(v.string(), v.description(about)), "");
}

/**
 * What the query of `url` says.
 * @throws {HttpRefusal} 400 naming the parameter
 */
export function readQuery<Query>(
  url: URL,
  schema: v.GenericSchema<unknown, Query>,
): Query {
  const values = Object.fromEntries(url.searchParams);
  const result = v.safeParse(schema, values, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const name = v.getDotPath(issue) ?? "query";
  const isMissing = !url.searchParams.has(name);
  throw new HttpRefusal(
    400,
    isMissing ? `${name} is missing` : issueMessage(result.issues, "query"),
  );
}
