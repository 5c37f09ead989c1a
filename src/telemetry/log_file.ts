import { osReason } from "../core/os_reason.ts";
import type { Clock } from "../core/time.ts";
import {
  dateLogFile,
  dayOf,
  type LogRotation,
  shiftLogFiles,
} from "./log_rotation.ts";
import type { LogTarget } from "./log_target.ts";

export interface LogFileOptions {
  readonly path: string;
  readonly clock: Clock;
  /** What counts right now: both may change. */
  readonly rules: LogFileRules;
  /** Is told why the file could not be put aside or opened anew; the old one is gone on with. */
  readonly onTrouble: (reason: string) => void;
}

export interface LogFileRules {
  readonly rotation: LogRotation;
  /** How many files that were put aside are kept. */
  readonly backupCount: number;
}

/** A log file that is appended to, and put aside by its rules. A FIFO or a device is only written to. */
export class LogFile implements LogTarget {
  readonly #options: LogFileOptions;
  #open: OpenLog;
  #isStale = false;
  /** Monotonic; what failed is tried again then, so that trouble is told of now and then. */
  #notBeforeMs = -Infinity;

  private constructor(options: LogFileOptions, open: OpenLog) {
    this.#options = options;
    this.#open = open;
  }

  /** @throws {Error} one line, when it can't be opened */
  static async open(options: LogFileOptions): Promise<LogFile> {
    const { path, clock } = options;
    try {
      return new LogFile(options, await openLog(path, clock));
    } catch (error) {
      const reason = osReason(error);
      throw new Error(`Cannot open the log file ${path}: ${reason}`, {
        cause: error,
      });
    }
  }

  async begin(byteCount: number): Promise<void> {
    const { path, clock, onTrouble } = this.#options;
    const isDue = this.#isDue(byteCount);
    if (!isDue && !this.#isStale) return;
    if (clock.monotonicMs() < this.#notBeforeMs) return;
    try {
      if (isDue) await this.#putAside().catch(allowMissing);
      const next = await openLog(path, clock);
      this.#open.file.close();
      this.#open = next;
      this.#isStale = false;
    } catch (error) {
      this.#notBeforeMs = clock.monotonicMs() + troubleMs;
      onTrouble(osReason(error));
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    const count = await this.#open.file.write(bytes);
    this.#open.size += count;
    return count;
  }

  reopen(): void {
    this.#isStale = true;
    this.#notBeforeMs = -Infinity;
  }

  close(): void {
    this.#open.file.close();
  }

  #isDue(byteCount: number): boolean {
    const { isRegular, size, day } = this.#open;
    if (!isRegular || size === 0) return false;
    const { rules: { rotation }, clock } = this.#options;
    switch (rotation.kind) {
      case "never":
        return false;
      case "day":
        return dayOf(clock.wallMs()) > day;
      case "size":
        return size + byteCount > rotation.bytes;
      default:
        return rotation satisfies never;
    }
  }

  async #putAside(): Promise<void> {
    const { path, rules: { rotation, backupCount: keep } } = this.#options;
    const { day } = this.#open;
    if (rotation.kind === "size") await shiftLogFiles(path, keep);
    else await dateLogFile(path, { day, keep });
  }
}

interface OpenLog {
  readonly file: Deno.FsFile;
  readonly isRegular: boolean;
  /** Of what it begins with. */
  readonly day: string;
  size: number;
}

async function openLog(path: string, clock: Clock): Promise<OpenLog> {
  const before = await Deno.stat(path).catch(() => undefined);
  // Opened for reading as well, a FIFO needs no reader, and outlives each.
  const mode = before?.isFifo
    ? { read: true, write: true }
    : { append: true, create: true };
  const file = await Deno.open(path, mode);
  const { isFile, size, mtime } = await file.stat();
  const beginsAt = size > 0 ? mtime?.getTime() : undefined;
  return {
    file,
    isRegular: isFile,
    day: dayOf(beginsAt ?? clock.wallMs()),
    size,
  };
}

/** Another program has put it aside already. */
function allowMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

const troubleMs = 60_000;
