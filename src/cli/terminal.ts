import { systemClock } from "../core/system_clock.ts";
import type { Clock } from "../core/time.ts";
import { osReason } from "../core/os_reason.ts";

/** Where a command writes to, and what it may ask the world around it. */
export interface Terminal {
  /** Writes a line to standard output, or nothing once that is closed. */
  print(line: string): void;
  /** The same without a line's end. */
  write(text: string): void;
  /** Writes a line to standard error. */
  complain(line: string): void;
  /** Shows a line in the place of the one before, "" takes it away; undefined where nobody looks. */
  readonly status?: (line: string) => void;
  /** Whether nobody reads standard output any more, as in `forsun ls | head -1`. */
  readonly isClosed: boolean;
  /** Ends the process at once. */
  exit(status: number): never;
  readonly clock: Clock;
  /** The IANA zone of whoever asks; undefined is this process's own. */
  readonly timeZone: string | undefined;
}

/** The process's own standard output and error; how it ends is up to `exit`. */
export function createTerminal(exit: (status: number) => never): Terminal {
  let isClosed = false;
  function write(text: string): void {
    if (isClosed) return;
    try {
      writeAll(Deno.stdout, text);
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw cannotWrite(error);
      isClosed = true;
    }
  }
  return {
    ...Deno.stderr.isTerminal() ? { status: showStatus } : {},
    print: (line) => write(line + "\n"),
    write,
    complain(line) {
      try {
        writeAll(Deno.stderr, line + "\n");
      } catch {
        // There is nowhere left to say so.
      }
    },
    get isClosed() {
      return isClosed;
    },
    exit,
    clock: systemClock,
    timeZone: undefined,
  };
}

function showStatus(line: string): void {
  try {
    // To the line's start, and away with what is there.
    writeAll(Deno.stderr, `\r\x1b[K${line}`);
  } catch {
    // There is nowhere left to say so.
  }
}

/** Writes at once, so that what is slow to be read is never collected in memory. */
function writeAll(target: typeof Deno.stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += target.writeSync(bytes.subarray(written));
  }
}

function cannotWrite(cause: unknown): Error {
  return new Error(`Cannot write the output: ${osReason(cause)}`, { cause });
}
