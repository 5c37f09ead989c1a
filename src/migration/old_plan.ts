import { Buffer } from "node:buffer";
import { decode } from "@msgpack/msgpack";
import { quote } from "../core/quote.ts";
import { decodeText } from "../core/text.ts";
import { maxUnixSeconds } from "../core/time.ts";
import { timeFieldNames, type TimeFields } from "../core/time_fields.ts";

/** A plan of the first daemon, as it kept it. Its seconds are by its own clock. */
export interface OldPlan {
  readonly key: string;
  readonly isTimeOut: boolean;
  readonly fields: TimeFields;
  readonly count: number;
  readonly currentCount: number;
  /** 0 when there is none. */
  readonly nextTime: number;
  /** 0 when there was none. */
  readonly lastTimeout: number;
  /** 0 when it is not known. */
  readonly createdTime: number;
  /** Of the last occurrence: 0 pending or unknown, 1 succeeded, -1 failed. */
  readonly status: number;
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Reads a plan that the first daemon packed, a msgpack map.
 * @throws {Error} naming the field that is missing or makes no sense
 */
export function readOldPlan(bytes: Uint8Array): OldPlan {
  const map = decodeMap(bytes);
  const number = (name: string, usual: number) => {
    const value = map[name] ?? usual;
    if (typeof value === "boolean") return Number(value);
    if (typeof value === "number" && Number.isInteger(value)) return value;
    throw mustBe(name, "a whole number", value);
  };
  const second = (name: string) => {
    const value = number(name, 0);
    if (value <= lastSecond) return value;
    throw mustBe(name, `at most ${lastSecond}`, value);
  };
  const { key: rawKey, is_time_out: isTimeOut } = map;
  const key = textOf(rawKey);
  if (key === undefined || key === "") throw mustBe("key", "a text", rawKey);
  if (typeof isTimeOut !== "boolean" && typeof isTimeOut !== "number") {
    throw mustBe("is_time_out", "true or false", isTimeOut);
  }
  return {
    key,
    isTimeOut: Boolean(isTimeOut),
    fields: Object.fromEntries(timeFieldNames.map((name) => {
      const value = number(name, -1);
      return [name, value === -1 ? undefined : value];
    })) as unknown as TimeFields,
    count: number("count", 0),
    currentCount: number("current_count", 0),
    nextTime: second("next_time"),
    lastTimeout: second("last_timeout"),
    createdTime: second("created_time"),
    status: number("status", 0),
    action: textOf(map.action) ?? "shell",
    params: readParams(map.params ?? {}),
  };
}

type OldMap = Readonly<Record<string, unknown>>;

/** Texts stay bytes, since the first daemon kept any. */
function decodeMap(bytes: Uint8Array): OldMap {
  let value: unknown;
  try {
    value = decode(bytes, {
      rawStrings: true,
      maxArrayLength: maxElements,
      maxMapLength: maxElements,
      mapKeyConverter: (key) => textOf(key) ?? String(key),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`it can't be decoded: ${reason}`, { cause: error });
  }
  if (isMap(value)) return value;
  throw new Error("it is not a map");
}

function isMap(value: unknown): value is OldMap {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

function readParams(value: unknown): Readonly<Record<string, string>> {
  if (!isMap(value)) throw mustBe("params", "a map", value);
  const params: Record<string, string> = {};
  for (const [name, given] of Object.entries(value)) {
    if (given === null) continue;
    const text = typeof given === "number" || typeof given === "boolean"
      ? String(given)
      : textOf(given);
    if (text === undefined) throw mustBe(`params.${name}`, "a text", given);
    params[name] = text;
  }
  return params;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) return undefined;
  const { buffer, byteOffset, length } = value;
  return decodeText(Buffer.from(buffer, byteOffset, length), 0, length);
}

function mustBe(name: string, what: string, got: unknown): Error {
  if (got === undefined) return new Error(`${name} is missing`);
  const shown = textOf(got) ??
    (typeof got === "number" ? String(got) : JSON.stringify(got));
  // A param may be a password.
  const value = name.startsWith("params") ? typeof got : quote(shown);
  return new Error(`${name} must be ${what}, got ${value}`);
}

/** Of a plan, which has some twenty. */
const maxElements = 10_000;

/** As far as stores reach, less what a clock offset may add. */
const lastSecond = maxUnixSeconds - 86_400;
