import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";

/** What one of the six words SECOND to WEEK says. */
export type TimeField =
  | { readonly kind: "any" }
  | { readonly kind: "at"; readonly value: number }
  | {
    readonly kind: "every";
    readonly value: number;
    readonly count: number | undefined;
  };

/**
 * Reads `*`, a number, or `*\/N` with or without `/COUNT`. Numbers are plain
 * digits; their ranges are not checked here.
 *
 * @param name what the field is called in messages, such as `MINUTE`
 * @throws {ForsunError} 1007 at anything else, naming the field and the text
 */
export function parseTimeField(name: string, text: string): TimeField {
  if (text === "*") return { kind: "any" };
  const match = /^(\*\/)?(\d+)(?:\/(\d+))?$/.exec(text);
  const [, every, digits, count] = match ?? [];
  if (digits === undefined || (every === undefined && count !== undefined)) {
    throw invalidArgument(
      `${name} must be *, a number or */N[/COUNT], got ${quote(text)}`,
    );
  }
  const value = parseNumber(name, digits);
  if (every === undefined) return { kind: "at", value };
  return {
    kind: "every",
    value,
    count: count === undefined ? undefined : parseNumber(name, count),
  };
}

function parseNumber(name: string, digits: string): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) {
    throw invalidArgument(`${name} has too large a number, ${quote(digits)}`);
  }
  return value;
}
