import { quote } from "../core/quote.ts";
import { ForsunCode, ForsunError } from "./client_error.ts";

/** Refuses, as error 1007, what a program without types passes for a text. */
export function checkText(name: string, value: unknown): void {
  if (typeof value === "string") return;
  throw invalid(`${name} must be a text, got ${kindOf(value)}`);
}

/** Refuses, as error 1007, what is no whole number from `min` to `max`. */
export function checkWhole(
  name: string,
  value: unknown,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  if (
    Number.isInteger(value) && value as number >= min && value as number <= max
  ) return;
  throw invalid(
    `${name} must be a whole number, ${min} to ${max}, got ${shown(value)}`,
  );
}

function invalid(message: string): ForsunError {
  return new ForsunError(ForsunCode.invalidArgument, message);
}

/** What a value is, without showing it: it may be a password. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A number that is out of its range, or what is none. */
export function shown(value: unknown): string {
  return typeof value === "string" ? quote(value) : String(value);
}
