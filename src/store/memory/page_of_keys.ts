import type { PageRequest } from "../store.ts";
import { compareKeys, keyBytesOf, startsWith } from "./key_bytes.ts";
import type { KeyIndex } from "./key_index.ts";

/** The rows of a page in the byte order of their keys. */
export function pageOfKeys(
  keys: KeyIndex,
  { prefix, after, limit }: PageRequest,
): readonly number[] {
  const first = keyBytesOf(prefix);
  const behind = after === undefined ? undefined : keyBytesOf(after);
  const isWithin = behind !== undefined && compareKeys(behind, first) >= 0;
  const rows: number[] = [];
  for (const row of keys.walk(isWithin ? behind : first, !isWithin)) {
    if (rows.length >= limit) break;
    if (!startsWith(keys.keyOf(row), first)) break;
    rows.push(row);
  }
  return rows;
}
