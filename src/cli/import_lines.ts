import { type BulkRequest, readBulkLine } from "../command/bulk_line.ts";
import { parseCrontabLine } from "../command/crontab.ts";
import type { BodyPlace } from "../command/plan_request_body.ts";
import { readLines, type TextLine } from "../command/text_lines.ts";
import { ForsunError } from "../core/errors.ts";
import { systemTimeZone } from "../core/system_time_zone.ts";
import { currentSecond } from "../core/time.ts";
import { ForsunPlanError, type ThriftClient } from "../thrift/generated.ts";
import type { ByteSource } from "./byte_source.ts";
import { Progress } from "./progress.ts";
import { describeError } from "./report_error.ts";
import { sendPlan } from "../thrift/send_plan.ts";
import { sendRestored } from "./send_restored.ts";
import type { Session } from "./session.ts";

/** What became of the plans of all lines. */
export interface LinesReport {
  readonly created: number;
  /** They had nothing left to do where they were. */
  readonly over: number;
  readonly refused: number;
}

/**
 * Has the daemon create the plans of all lines, many at a time. Complains of
 * each that is refused.
 * @throws {Error} one line, when the daemon or the source is gone
 */
export async function importLines(
  { chunks, bytes }: ByteSource,
  session: Session,
  { replace }: { readonly replace: boolean },
): Promise<LinesReport> {
  const { terminal } = session;
  const client = await session.connect();
  using progress = new Progress(terminal, bytes);
  let read = 0;
  let created = 0;
  let over = 0;
  let refused = 0;
  for await (
    const lines of readLines(counted(chunks, (size) => read += size))
  ) {
    const results = await Promise.all(
      lines.map((line) =>
        importLine(line, { client, replace, place: placeOf(session) })
      ),
    );
    for (const result of results) {
      if (result === "created") created++;
      else if (result === "over") over++;
      else if (result !== "nothing") {
        refused++;
        terminal.status?.("");
        terminal.complain(`forsun: import: ${result.refusal}`);
      }
    }
    progress.show(created, read);
  }
  return { created, over, refused };
}

type LineOutcome = "created" | "over" | "nothing" | {
  readonly refusal: string;
};

async function importLine(
  { number, text }: TextLine,
  { client, replace, place }: {
    readonly client: ThriftClient;
    readonly replace: boolean;
    readonly place: BodyPlace;
  },
): Promise<LineOutcome> {
  try {
    if (typeof text !== "string") throw text;
    const asked = readLine(text, place);
    if (asked === undefined) return "nothing";
    if (asked.kind === "new") await sendPlan(asked.request, client);
    else if (asked.request.nextAt === 0) return "over";
    else {
      const options = { client, replace, isDryRun: false };
      await sendRestored(asked.request, options);
    }
    return "created";
  } catch (error) {
    const isRefusal = error instanceof ForsunError ||
      error instanceof ForsunPlanError;
    if (!isRefusal) throw error;
    return { refusal: `line ${number}: ${describeError(error)}` };
  }
}

/** Undefined when the line has no plan. */
function readLine(text: string, place: BodyPlace): BulkRequest | undefined {
  if (text.trimStart().startsWith("{")) return readBulkLine(text, place);
  const request = parseCrontabLine(text.replace(/\r$/, ""));
  return request && { kind: "new", request };
}

function placeOf({ terminal }: Session): BodyPlace {
  return {
    now: currentSecond(terminal.clock),
    // Few lines need it.
    get timeZone() {
      return terminal.timeZone ?? systemTimeZone();
    },
  };
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}
