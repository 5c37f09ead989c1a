import { cannotCreate } from "../core/cannot_create.ts";
import { invalidArgument } from "../core/errors.ts";
import { maxKeyBytes } from "../core/plan.ts";
import { isUnicode } from "../core/text.ts";

/**
 * The key itself, or a unique one in the place of an empty one.
 * @throws {ForsunError} 1007 when it is no key
 */
export function checkKey(key: string): string {
  if (key === "") return crypto.randomUUID();
  if (!isUnicode(key)) {
    throw invalidArgument(cannotCreate(key, "key must be UTF-8 text"));
  }
  // Only a key of many characters can have too many bytes.
  if (key.length * 3 > maxKeyBytes) {
    const bytes = new TextEncoder().encode(key).length;
    if (bytes > maxKeyBytes) {
      const reason = `key must have at most ${maxKeyBytes} bytes, got ${bytes}`;
      throw invalidArgument(cannotCreate(key, reason));
    }
  }
  return key;
}
