import { ForsunError } from "../core/errors.ts";
import { parsePlan } from "./parse_plan.ts";
import type { PlanRequest } from "../core/plan_request.ts";
import { splitWords } from "./tokenizer.ts";

/** What a line of a crontab says; lines count from 1. */
export type CrontabLine =
  | {
    readonly kind: "plan";
    readonly line: number;
    readonly plan: PlanRequest;
  }
  | {
    readonly kind: "error";
    readonly line: number;
    /** Code 1007; the message begins with `line N: `. */
    readonly error: ForsunError;
  };

/** Reads the lines of a crontab, without the blank ones and the comments. Never throws. */
export function parseCrontab(text: string): readonly CrontabLine[] {
  const lines: CrontabLine[] = [];
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    try {
      const plan = parseCrontabLine(content);
      if (plan !== undefined) lines.push({ kind: "plan", line, plan });
    } catch (cause) {
      if (!(cause instanceof ForsunError)) throw cause;
      const message = `line ${line}: ${cause.message}`;
      const error = new ForsunError(cause.code, message, { cause });
      lines.push({ kind: "error", line, error });
    }
  }
  return lines;
}

/**
 * Reads one line, `KEY SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS` as `set`
 * takes it; undefined when it is blank or begins with `#`. A `;` is a character
 * like others here, and a PARAMS that doesn't begin with a quote goes on to the
 * end of the line: `backup 0 30 4 * * * shell tar c /srv | gzip > /tmp/srv.gz`.
 *
 * @throws {ForsunError} 1007 at what is missing, garbled or too much
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const plan = parseCrontabLine("backup 0 30 4 * * * shell tar c /srv | gzip");
 * assert.equal(plan?.key, "backup");
 * assert.equal(plan?.params.cmd, "tar c /srv | gzip");
 * ```
 */
export function parseCrontabLine(line: string): PlanRequest | undefined {
  const words = splitWords(line);
  if (words.length === 0 || line[words[0].start] === "#") return undefined;
  return parsePlan(line, words, "line");
}
