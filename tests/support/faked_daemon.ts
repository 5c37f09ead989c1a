import { join } from "node:path";
import { type DaemonProcess, startDaemon } from "./daemon_process.ts";

/** A daemon whose clock a test sets. */
export interface FakedDaemon extends DaemonProcess {
  /** Has the clock show the real time and so much more: `+2h`, `-1s`, `+1y`. */
  shift(offset: string): Promise<void>;
  /** Has the clock go on from this time, `2038-01-19 03:14:00` in UTC. */
  setTo(time: string): Promise<void>;
}

/** Starts a daemon in `folder` whose wall clock is libfaketime's, at `path`; its monotonic clock is real. */
export async function startFakedDaemon(
  { library, folder, at = "+0" }: {
    readonly library: string;
    readonly folder: string;
    /** Its first shift or time. */
    readonly at?: string;
  },
): Promise<FakedDaemon> {
  const file = join(folder, "clock");
  const shift = async (offset: string) => {
    // In one step, so that nobody reads half of it.
    await Deno.writeTextFile(`${file}.new`, offset);
    await Deno.rename(`${file}.new`, file);
  };
  const setTo = (time: string) => {
    const seconds = Math.round((Date.parse(`${time}Z`) - Date.now()) / 1000);
    return shift(seconds < 0 ? String(seconds) : `+${seconds}`);
  };
  await (/^[+-]/.test(at) ? shift(at) : setTo(at));
  const daemon = await startDaemon({
    file: join(folder, "store"),
    args: ["--timezone", "UTC"],
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      TZ: "UTC",
    },
  });
  return { ...daemon, shift, setTo };
}
