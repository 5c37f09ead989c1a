import { parseCrontabLine } from "../command/crontab.ts";
import { ErrorCode } from "../core/errors.ts";
import { maxUnixSeconds } from "../core/time.ts";
import type { ApiContext } from "./api_context.ts";
import { readLines, type TextLine } from "../command/text_lines.ts";
import { type BulkRequest, readBulkLine } from "../command/bulk_line.ts";
import { HttpRefusal, toRefusal } from "./envelope.ts";
import { overlap } from "./overlap.ts";
import type { BodyPlace } from "../command/plan_request_body.ts";
import { readChunks } from "./read_body.ts";

/** What came of a line. */
export interface LineResult {
  /** Counts from 1. */
  readonly line: number;
  readonly errcode: number;
  readonly errmsg: string;
  readonly key?: string;
  readonly next_time?: number;
}

export interface BulkOptions {
  readonly context: ApiContext;
  /** JSON objects, or lines of a crontab. */
  readonly format: "json" | "crontab";
  readonly signal: AbortSignal;
}

/**
 * Creates the plans of a body line by line, as the lines come, many at a time.
 * Yields what came of each, in their order.
 */
export async function* createInBulk(
  request: Request,
  { context, format, signal }: BulkOptions,
): AsyncGenerator<readonly LineResult[]> {
  const { maxMs } = context.bodyLimits;
  const lines = readLines(readChunks(request, () => maxMs));
  let last = 0;
  const work = async (batch: readonly TextLine[]) => {
    const place = context.place();
    const results = await Promise.all(
      batch.map((line) => createLine(line, { context, format, place })),
    );
    last = Math.max(last, batch.at(-1)?.number ?? 0);
    return results.filter((result) => result !== undefined);
  };
  try {
    for await (const results of overlap(lines, { work, limit: maxBatches })) {
      if (signal.aborted) throw new HttpRefusal(503, "The daemon stops");
      yield results;
    }
  } catch (error) {
    yield [refused(last + 1, error)];
  }
}

/** While some wait for the disk others are read. */
const maxBatches = 4;

async function createLine(
  { number, text }: TextLine,
  { context, format, place }: {
    readonly context: ApiContext;
    readonly format: BulkOptions["format"];
    readonly place: BodyPlace;
  },
): Promise<LineResult | undefined> {
  try {
    if (typeof text !== "string") throw text;
    const asked = readLine(text, format, place);
    if (asked === undefined) return undefined;
    const { plan, state } = asked.kind === "new"
      ? await context.service.put(asked.request, creating)
      : await context.service.restore(asked.request, replacing);
    const { key } = plan;
    const { nextAt } = state;
    return { line: number, errcode: 0, errmsg: "", key, next_time: nextAt };
  } catch (error) {
    return refused(number, error);
  }
}

const creating = { notAfter: maxUnixSeconds };
const replacing = { replace: true, isDryRun: false };

/** Undefined when the line has no plan. */
function readLine(
  text: string,
  format: BulkOptions["format"],
  place: BodyPlace,
): BulkRequest | undefined {
  if (format === "json") return readBulkLine(text, place);
  const request = parseCrontabLine(text.replace(/\r$/, ""));
  return request && { kind: "new", request };
}

function refused(line: number, error: unknown): LineResult {
  const { code, message } = error instanceof HttpRefusal
    ? { code: ErrorCode.invalidArgument, message: error.message }
    : toRefusal(error);
  return { line, errcode: code, errmsg: message };
}
