import { Buffer } from "node:buffer";
import type { Steps } from "./steps.ts";

export interface ListingRequest {
  readonly tree: "plans" | "due";
  /** Only entries behind this one, in byte order; undefined begins at `from`. */
  readonly after: Buffer | undefined;
  /** Only entries from this one on. */
  readonly from: Buffer;
  /** How many entries at the most. */
  readonly limit: number;
  /** Which entries count; the others are passed over. */
  accepts(entry: Buffer): boolean;
  /** Whether all entries from this one on are of no interest. */
  isBehind(entry: Buffer): boolean;
}

export interface Listing {
  readonly entries: readonly Buffer[];
  /** The entry up to which everything was looked at; undefined when nothing follows. */
  readonly next: Buffer | undefined;
}

/**
 * Entries of all partitions in byte order. Where few entries are accepted it
 * ends early, so that a call has its bounds.
 */
export async function listEntries(
  steps: Steps,
  partitions: number,
  request: ListingRequest,
): Promise<Listing> {
  const { limit, accepts } = request;
  const share = Math.ceil(limit / partitions) + 8;
  const cursors = Array.from(
    { length: partitions },
    (_, partition) => new Cursor(steps, partition, request),
  );
  await Promise.all(cursors.map((cursor) => cursor.read(share)));
  for (;;) {
    const bound = lowestBound(cursors);
    const seen = cursors.flatMap((cursor) => cursor.seen)
      .filter((entry) => bound === undefined || isBefore(entry, bound))
      .sort(Buffer.compare);
    const entries = seen.filter(accepts);
    if (entries.length > limit) {
      return { entries: entries.slice(0, limit), next: entries[limit - 1] };
    }
    if (bound === undefined) return { entries, next: undefined };
    if (seen.length > maxSeen) return { entries, next: seen.at(-1) };
    const behind = cursors.filter((cursor) =>
      cursor.bound !== undefined && cursor.bound.equals(bound)
    );
    await Promise.all(behind.map((cursor) => cursor.read(share)));
  }
}

/** How far one partition was read. */
class Cursor {
  readonly seen: Buffer[] = [];
  readonly #steps: Steps;
  readonly #partition: number;
  readonly #request: ListingRequest;
  #from: Buffer;
  #isAtEnd = false;

  constructor(steps: Steps, partition: number, request: ListingRequest) {
    this.#steps = steps;
    this.#partition = partition;
    this.#request = request;
    const { after, from } = request;
    this.#from = after !== undefined && isBefore(from, after) ? after : from;
  }

  /** All entries before this one were read; undefined when that is all there are. */
  get bound(): Buffer | undefined {
    return this.#isAtEnd ? undefined : this.#from;
  }

  async read(count: number): Promise<void> {
    const { tree, isBehind, after } = this.#request;
    const fewest = Math.min(count, maxPerCall);
    const [next, ...found] = await this.#steps.run("leaves", this.#partition, [
      ...[tree, this.#from, fewest],
    ]) as [Buffer | null, ...Buffer[]];
    for (const entry of found) {
      // A leaf that has joined the one before it comes with what was read there.
      const isTooEarly = isBefore(entry, this.#from) || after?.equals(entry);
      if (!isTooEarly && !isBehind(entry)) this.seen.push(entry);
    }
    this.#isAtEnd = next === null || isBehind(next);
    if (next !== null) this.#from = next;
  }
}

function lowestBound(cursors: readonly Cursor[]): Buffer | undefined {
  let lowest: Buffer | undefined;
  for (const { bound } of cursors) {
    if (bound === undefined) continue;
    if (lowest === undefined || isBefore(bound, lowest)) lowest = bound;
  }
  return lowest;
}

function isBefore(a: Buffer, b: Buffer): boolean {
  return Buffer.compare(a, b) < 0;
}

/** So many entries take Redis well under 5 ms. */
const maxPerCall = 256;
const maxSeen = 20_000;
