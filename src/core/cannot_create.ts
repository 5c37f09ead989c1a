import { quote } from "./quote.ts";

/** The line that refuses a plan, such as `Cannot create plan "a": second must be 0 to 59, got 75`. */
export function cannotCreate(key: string | undefined, reason: string): string {
  const plan = key === undefined ? "a plan" : `plan ${quote(key)}`;
  return `Cannot create ${plan}: ${reason}`;
}
