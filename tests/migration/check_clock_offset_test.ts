import assert from "node:assert/strict";
import { join } from "node:path";
import type { ClockOffset } from "../../src/core/clock_offset.ts";
import { checkClockOffset } from "../../src/migration/check_clock_offset.ts";
import { tempFolder } from "../support/temp_folder.ts";

const written = Date.parse("2026-11-24T12:00:30Z") / 1000;
const guess: ClockOffset = {
  seconds: 0,
  origin: "standard time of UTC",
  isGuess: true,
};

Deno.test("checkClockOffset() refuses a guess where the file tells another offset", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "dump");
  await Deno.writeTextFile(path, "");
  await Deno.utime(path, written, written);
  const check = (currentTime: number | undefined, offset = guess) =>
    checkClockOffset(path, currentTime, offset);
  await assert.rejects(check(written - 8 * 3600 - 4), {
    message:
      `Cannot import ${path}: it was written 28800 s after its last second, which makes a clock offset of 28800 s and not of 0 s (standard time of UTC): say which by --clock-offset, or store.mem_clock_offset for a start`,
  });
  await assert.rejects(check(written + 5 * 3600), /offset of -18000 s and/);
  // It is as the file tells.
  await check(written - 3);
  await check(written - 8 * 3600, { ...guess, seconds: 28_800 });
  // The file was copied at some time, or there is no telling.
  await check(written - 8 * 3600 - 400);
  await check(written - 30 * 86_400);
  await check(undefined);
  // Somebody has said it.
  await check(written - 8 * 3600, { seconds: 0, origin: "--clock-offset" });
});
