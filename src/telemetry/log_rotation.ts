import { basename, dirname, join } from "node:path";

/** When a log file is put aside and another begun. */
export type LogRotation =
  | { readonly kind: "never" }
  /** At the end of each day (UTC, as in the log's own times). */
  | { readonly kind: "day" }
  /** Before it grows beyond so many bytes. */
  | { readonly kind: "size"; readonly bytes: number };

/**
 * Puts the file aside as `FILE.1`, what is there as `FILE.2` and so on; the
 * oldest of more than `keep` are removed.
 */
export async function shiftLogFiles(path: string, keep: number): Promise<void> {
  const numbers = (await listSuffixes(path))
    .filter((suffix) => /^[1-9]\d{0,8}$/.test(suffix))
    .map(Number)
    .sort((a, b) => b - a);
  for (const number of numbers) {
    const old = `${path}.${number}`;
    if (number >= keep) await Deno.remove(old);
    else await Deno.rename(old, `${path}.${number + 1}`);
  }
  if (keep === 0) await Deno.remove(path);
  else await Deno.rename(path, `${path}.1`);
}

/**
 * Puts the file aside as `FILE.YYYY-MM-DD`, with another number behind it when
 * there is such a file; the oldest of more than `keep` are removed.
 */
export async function dateLogFile(
  path: string,
  { day, keep }: { readonly day: string; readonly keep: number },
): Promise<void> {
  const before = await listSuffixes(path);
  let suffix = day;
  for (let number = 1; before.includes(suffix); number++) {
    suffix = `${day}.${number}`;
  }
  await Deno.rename(path, `${path}.${suffix}`);
  const dated = [...before, suffix]
    .filter((one) => /^\d{4}-\d\d-\d\d(\.\d+)?$/.test(one))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  for (const old of dated.slice(0, Math.max(0, dated.length - keep))) {
    await Deno.remove(`${path}.${old}`);
  }
}

/** The day of an instant, as log files are named by it. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

async function listSuffixes(path: string): Promise<string[]> {
  const start = `${basename(path)}.`;
  const suffixes: string[] = [];
  for await (const { name } of Deno.readDir(join(dirname(path)))) {
    if (name.startsWith(start)) suffixes.push(name.slice(start.length));
  }
  return suffixes;
}
