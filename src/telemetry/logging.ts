import {
  configureSync,
  getLogger,
  type LogLevel,
  type LogRecord,
  resetSync,
} from "@logtape/logtape";
import type { Clock } from "../core/time.ts";
import type { Counters } from "./counters.ts";
import { LogFile, type LogFileRules } from "./log_file.ts";
import { type LogFormat, logFormatters } from "./log_format.ts";
import { LogQueue } from "./log_queue.ts";
import { stderrTarget } from "./log_target.ts";

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

/** What can be changed while logging. */
export interface LogRules extends LogFileRules {
  /** The lowest that is logged. */
  readonly level: LevelName;
  readonly format: LogFormat;
}

export interface Logging extends AsyncDisposable {
  /** Opens the file anew, which another program may have put aside. */
  reopen(): void;
  change(rules: LogRules): void;
}

/**
 * Sends log records to `file`, one line each; `-` is stderr. Nobody waits for
 * the target: what is logged is written later, and dropped once too much waits.
 * Disposing writes what is left, if the target takes it within two seconds.
 * @throws {Error} one line, when the file can't be opened
 */
export async function startLogging(
  { file, clock, counters, ...first }: LogRules & {
    readonly file: string;
    readonly clock: Clock;
    readonly counters: Pick<Counters, "log_dropped_count">;
  },
): Promise<Logging> {
  let rules: LogRules = first;
  const format = (record: LogRecord) => logFormatters[rules.format](record);
  const target = file === "-" ? stderrTarget : await LogFile.open({
    path: file,
    clock,
    get rules() {
      return rules;
    },
    onTrouble: (reason) =>
      logger.warn("Cannot put the log file aside: {reason}", { reason }),
  });
  const queue = new LogQueue({
    target,
    clock,
    maxCharacters,
    onDrop: () => counters.log_dropped_count++,
    tellDropped: (count, reason) =>
      format(droppedRecord({ count, reason, ms: clock.wallMs() })),
  });
  const apply = () =>
    configureSync({
      sinks: { queue: (record) => queue.add(() => format(record)) },
      loggers: [
        {
          category: "forsun",
          sinks: ["queue"],
          lowestLevel: levels[rules.level],
        },
        { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
      ],
      reset: true,
    });
  apply();
  return {
    reopen: () => queue.reopen(),
    change(next) {
      rules = next;
      apply();
    },
    async [Symbol.asyncDispose]() {
      await queue.close(graceMs);
      resetSync();
    },
  };
}

const logger = getLogger(["forsun", "log"]);
const graceMs = 2000;
/** Some 20,000 lines, a few MiB. */
const maxCharacters = 2 ** 21;

function droppedRecord(
  { count, reason, ms }: {
    readonly count: number;
    readonly reason: string;
    readonly ms: number;
  },
): LogRecord {
  return {
    category: logger.category,
    level: "warning",
    timestamp: ms,
    message: ["", count, " lines are missing here: ", reason, ""],
    rawMessage: "{count} lines are missing here: {reason}",
    properties: { count, reason },
  };
}
