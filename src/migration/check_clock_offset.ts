import type { ClockOffset } from "../core/clock_offset.ts";
import { osReason } from "../core/os_reason.ts";
import type { UnixSeconds } from "../core/time.ts";

/**
 * Refuses a clock offset that nobody has said where the file tells another: with
 * one that is too small, plans that lie ahead would all run at once. The first
 * daemon wrote its last second into the file right when it wrote that, so that
 * its offset lies between the two; a file that was copied tells nothing.
 * @throws {Error} one line, when it is in doubt or there is no looking at the file
 */
export async function checkClockOffset(
  path: string,
  currentTime: UnixSeconds | undefined,
  { seconds, origin, isGuess }: ClockOffset,
): Promise<void> {
  if (!isGuess || currentTime === undefined) return;
  const between = await writtenAt(path) - currentTime;
  const told = Math.round(between / stepSeconds) * stepSeconds;
  const isOffset = Math.abs(between - told) <= writingSeconds &&
    Math.abs(told) <= maxSeconds;
  if (!isOffset || told === seconds) return;
  throw new Error(
    `Cannot import ${path}: it was written ${told} s after its last second, which makes a clock offset of ${told} s and not of ${seconds} s (${origin}): say which by --clock-offset, or store.mem_clock_offset for a start`,
  );
}

async function writtenAt(path: string): Promise<number> {
  try {
    const { mtime } = await Deno.stat(path);
    return (mtime?.getTime() ?? 0) / 1000;
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${osReason(error)}`, {
      cause: error,
    });
  }
}

/** What offsets are multiples of: a quarter of an hour. */
const stepSeconds = 900;
/** As long as writing a large file may take. */
const writingSeconds = 10;
/** Zones go from UTC-12 to UTC+14. */
const maxSeconds = 15 * 3600;
