import { Buffer } from "node:buffer";
import * as v from "valibot";
import { maxUnixSeconds } from "../core/time.ts";
import type { DuePlace } from "../store/store.ts";
import { HttpRefusal } from "./envelope.ts";

/** Where a page begins, as text that clients hand back as it is. */
export function encodeCursor(place: string | DuePlace): string {
  const json = typeof place === "string" ? [place] : [place.key, place.second];
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}

/** @throws {HttpRefusal} 400 when it isn't the cursor of a list in key order */
export function readKeyCursor(cursor: string): string {
  return read(cursor, keyPlace)[0];
}

/** @throws {HttpRefusal} 400 when it isn't the cursor of a list by next occurrence */
export function readDueCursor(cursor: string): DuePlace {
  const [key, second] = read(cursor, duePlace);
  return { key, second };
}

const keyPlace = v.strictTuple([v.string()]);
const duePlace = v.strictTuple([
  v.string(),
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxUnixSeconds)),
]);

function read<Schema extends v.GenericSchema>(
  cursor: string,
  schema: Schema,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parse(cursor));
  if (result.success) return result.output;
  throw new HttpRefusal(
    400,
    "cursor must be the next_cursor of the page before",
  );
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
