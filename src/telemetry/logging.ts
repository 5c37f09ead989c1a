import { getFileSink } from "@logtape/file";
import {
  configure,
  dispose,
  getStreamSink,
  getTextFormatter,
  type LogLevel,
  type Sink,
} from "@logtape/logtape";

/** The levels that the configuration knows; WARN and CRITICAL are other names. */
export type LevelName =
  | "DEBUG"
  | "INFO"
  | "WARNING"
  | "WARN"
  | "ERROR"
  | "CRITICAL";

const levels: Readonly<Record<LevelName, LogLevel>> = {
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warning",
  WARN: "warning",
  ERROR: "error",
  CRITICAL: "fatal",
};

/**
 * Sends log records of `level` and above to `file`, one line each; `-` is
 * stderr. Neither waits for the target: what is logged is written later.
 * Disposing writes what is left.
 * @throws {Error} one line, when the file can't be opened
 */
export async function startLogging(
  { file, level }: { readonly file: string; readonly level: LevelName },
): Promise<AsyncDisposable> {
  const sink = file === "-" ? stderrSink() : openFile(file);
  await configure({
    sinks: { sink },
    loggers: [
      { category: "forsun", sinks: ["sink"], lowestLevel: levels[level] },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
    reset: true,
  });
  return { [Symbol.asyncDispose]: dispose };
}

const formatter = getTextFormatter({
  timestamp: "date-time-timezone",
  level: "FULL",
  category: (category) => category.slice(1).join("."),
  value: formatValue,
  format: ({ timestamp, level, category, message }) =>
    `${timestamp} ${level} ${category}: ${oneLine(message)}`,
});

/** Ending the log must not close standard error itself. */
function stderrSink(): Sink {
  const stream = new WritableStream<Uint8Array>({
    async write(chunk) {
      let written = 0;
      while (written < chunk.length) {
        written += await Deno.stderr.write(chunk.subarray(written));
      }
    },
  });
  return getStreamSink(stream, { formatter });
}

function openFile(file: string): Sink {
  try {
    return getFileSink(file, {
      formatter,
      nonBlocking: true,
      flushInterval: 100,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot open the log file ${file}: ${reason}`, {
      cause: error,
    });
  }
}

/** Errors say what happened and where from; everything else as it is. */
function formatValue(value: unknown): string {
  if (value instanceof Error) {
    const cause = value.cause instanceof Error
      ? ` (${value.cause.message})`
      : "";
    return `${value.message}${cause}`;
  }
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}

function oneLine(message: string): string {
  return message.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
