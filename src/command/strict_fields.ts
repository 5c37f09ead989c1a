import * as v from "valibot";
import { nearestName } from "../core/nearest_name.ts";
import { quote } from "../core/quote.ts";

/**
 * An object of these entries and no others: a name that is none of them is
 * refused, since it is most likely a slip of one that is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as v from "valibot";
 *
 * const schema = strictFields({ second: v.number() });
 * const { issues } = v.safeParse(schema, { second: 1, secnod: 2 });
 * const message = issues?.[0].message;
 * assert.equal(message, 'no field is called "secnod", did you mean "second"?');
 * ```
 */
export function strictFields<const Entries extends v.ObjectEntries>(
  entries: Entries,
  what = "field",
): v.StrictObjectSchema<Entries, (issue: v.StrictObjectIssue) => string> {
  const names = Object.keys(entries);
  return v.strictObject(entries, (issue) => {
    if (!isUnknownName(issue)) return "must be an object";
    const name = String(issue.input);
    const nearest = nearestName(name, names);
    const hint = nearest === undefined
      ? ""
      : `, did you mean ${quote(nearest)}?`;
    return `no ${what} is called ${quote(name)}${hint}`;
  });
}

/** Whether an issue of such an object is a name that is none of its entries. */
export function isUnknownName(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === "strict_object" && issue.expected === "never";
}
