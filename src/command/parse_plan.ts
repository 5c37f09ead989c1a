import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { timeFieldNames } from "../core/time_fields.ts";
import { parseActionParams } from "./action_params.ts";
import { parseTimeFields } from "./parse_time_fields.ts";
import type { PlanRequest, RequestedSchedule } from "../core/plan_request.ts";
import { isQuotedAt } from "./quoted_text.ts";
import { trimBlanks } from "./skip.ts";
import type { Word } from "./tokenizer.ts";

/** What the words of a plan are, for messages and help. */
export const planUsage =
  "KEY [TZ=ZONE] SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS";

/** The word in SECOND's place that makes the next one a cron expression. */
export const cronWord = "cron";

/** What the word before the schedule that names a time zone begins with. */
export const zonePrefix = "TZ=";

const aliases: ReadonlyMap<string, string> = new Map([
  ["sh", "shell"],
  ["bash", "shell"],
]);

/** The action that is meant by a name or an alias. */
export function actionNamed(name: string): string {
  return aliases.get(name) ?? name;
}

/**
 * Reads `KEY [TZ=ZONE] SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS`, where
 * `cron EXPR` may stand for the six time fields.
 *
 * PARAMS that begins with a quote is one word, whose quoting is undone first.
 * Any other is read as it stands, so that its quotes can enclose values:
 * `url='http://x/?a;b'`.
 *
 * @param line what `words` come from
 * @param paramsEnd whether an unquoted PARAMS ends with its word or with the line
 * @throws {ForsunError} 1007 at what is missing, garbled or too much
 */
export function parsePlan(
  line: string,
  words: readonly Word[],
  paramsEnd: "word" | "line",
): PlanRequest {
  let index = 0;
  function next(name: string): Word {
    const word = words[index++];
    if (word !== undefined) return word;
    throw invalidArgument(`${name} is missing, expected ${planUsage}`);
  }

  const key = next("KEY").value;
  const schedule = readSchedule(next);
  const action = next("ACTION").value;
  const params = next("PARAMS");
  const isQuoted = isQuotedAt(line, params.start);
  if (isQuoted || paramsEnd === "word") checkLast(words, index);
  const rawEnd = paramsEnd === "word" ? params.end : line.length;
  const text = isQuoted
    ? params.value
    : trimBlanks(line.slice(params.start, rawEnd));
  const name = actionNamed(action);
  return { key, schedule, action: name, params: parseActionParams(name, text) };
}

function readSchedule(next: (name: string) => Word): RequestedSchedule {
  let first = next("SECOND").value;
  let timeZone: string | undefined;
  if (first.startsWith(zonePrefix)) {
    timeZone = first.slice(zonePrefix.length);
    first = next("SECOND").value;
  }
  if (first === cronWord) {
    return { kind: "cron", expression: next("EXPR").value, timeZone };
  }
  const [, ...others] = timeFieldNames;
  const texts = others.map((name) => next(name.toUpperCase()).value);
  return parseTimeFields([first, ...texts], timeZone);
}

function checkLast(words: readonly Word[], end: number): void {
  const surplus = words[end];
  if (surplus === undefined) return;
  throw invalidArgument(
    `PARAMS must be one word, got ${
      quote(surplus.value)
    } behind it; quote it all`,
  );
}
