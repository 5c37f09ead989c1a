import * as v from "valibot";
import { quote } from "../core/quote.ts";
import { isUnknownName } from "./strict_fields.ts";

/** The first issue as one line: `second must be a whole number, got "x"`. */
export function issueMessage(
  [issue]: readonly v.BaseIssue<unknown>[],
  whole: string,
): string {
  if (isUnknownName(issue)) return issue.message;
  const path = v.getDotPath(issue) ?? whole;
  return `${quoteUnlessPlain(path)} ${issue.message}, got ${shown(issue)}`;
}

function shown({ input }: v.BaseIssue<unknown>): string {
  if (typeof input === "string") return quote(input);
  if (Array.isArray(input)) return "an array";
  if (input === undefined) return "nothing";
  return typeof input === "object" && input !== null
    ? "an object"
    : String(input);
}

function quoteUnlessPlain(path: string): string {
  return /^[\w.-]{1,100}$/.test(path) || path.includes(" ")
    ? quote(path, 60).slice(1, -1)
    : quote(path, 60);
}
