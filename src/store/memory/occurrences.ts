import type { UnixSeconds } from "../../core/time.ts";

/** An occurrence that began and is not over. */
export interface Occurrence {
  /** Unique while the store is open, and another for each attempt. */
  token: number;
  /** The row of its plan. */
  readonly row: number;
  readonly second: UnixSeconds;
  /** The attempt that runs, or the last that did. */
  attempt: number;
  /** When the next attempt is due; undefined while one runs. */
  retryAt: UnixSeconds | undefined;
  /** The size of the record that it would be known by after a crash. */
  recordBytes: number;
}

/** The occurrences that began and are not over: those that run and those that wait to be tried again. */
export class Occurrences {
  readonly #byToken = new Map<number, Occurrence>();
  /** A plan has one a second, and nearly all have one in all: a map is for those with more. */
  readonly #byRow = new Map<number, Occurrence | BySecond>();
  /** A binary heap by `retryAt`; entries that are over are skipped when they surface. */
  #waiting: Waiting[] = [];
  #lastToken = 0;
  #waitingCount = 0;
  #liveBytes = 0;

  /** Bytes of the records that all of them are known by. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  get runningCount(): number {
    return this.#byToken.size - this.#waitingCount;
  }

  get waitingCount(): number {
    return this.#waitingCount;
  }

  begin(start: Pick<Occurrence, "row" | "second" | "attempt">): Occurrence {
    const token = ++this.#lastToken;
    const { row, second, attempt } = start;
    const occurrence: Occurrence = {
      ...{ token, row, second, attempt },
      retryAt: undefined,
      recordBytes: 0,
    };
    this.#byToken.set(token, occurrence);
    const others = this.#byRow.get(row);
    if (others === undefined) this.#byRow.set(row, occurrence);
    else if (others instanceof Map) others.set(second, occurrence);
    else {
      const all = [others, occurrence];
      this.#byRow.set(row, new Map(all.map((one) => [one.second, one])));
    }
    return occurrence;
  }

  get(token: number): Occurrence | undefined {
    return this.#byToken.get(token);
  }

  /** The one of a plan's second. */
  find(row: number, second: UnixSeconds): Occurrence | undefined {
    const all = this.#byRow.get(row);
    if (all instanceof Map) return all.get(second);
    return all?.second === second ? all : undefined;
  }

  /** Whether a plan has any. */
  has(row: number): boolean {
    return this.#byRow.has(row);
  }

  /** How many a plan has. */
  countOf(row: number): number {
    const all = this.#byRow.get(row);
    if (all === undefined) return 0;
    return all instanceof Map ? all.size : 1;
  }

  /** Those of one plan. */
  ofRow(row: number): readonly Occurrence[] {
    const all = this.#byRow.get(row);
    if (all === undefined) return [];
    return all instanceof Map ? [...all.values()] : [all];
  }

  /** Notes the size of the last record about an occurrence. */
  setRecordBytes(occurrence: Occurrence, bytes: number): void {
    this.#liveBytes += bytes - occurrence.recordBytes;
    occurrence.recordBytes = bytes;
  }

  /** Those that run. */
  *running(): Iterable<Occurrence> {
    for (const occurrence of this.#byToken.values()) {
      if (occurrence.retryAt === undefined) yield occurrence;
    }
  }

  /** Has a running occurrence wait for its next attempt. */
  retry(occurrence: Occurrence, retryAt: UnixSeconds): void {
    if (this.#waiting.length > 2 * this.#waitingCount + fewEntries) {
      this.#rebuildWaiting();
    }
    occurrence.retryAt = retryAt;
    this.#waitingCount++;
    pushWaiting(this.#waiting, { retryAt, token: occurrence.token });
  }

  /** The one that waits for the attempt that is due first. */
  earliest(): Occurrence | undefined {
    for (let top = this.#waiting[0]; top; top = this.#waiting[0]) {
      const occurrence = this.#byToken.get(top.token);
      if (occurrence?.retryAt === top.retryAt) return occurrence;
      popWaiting(this.#waiting);
    }
    return undefined;
  }

  /** Begins the next attempt of a waiting occurrence. */
  resume(occurrence: Occurrence): void {
    this.#byToken.delete(occurrence.token);
    occurrence.token = ++this.#lastToken;
    this.#byToken.set(occurrence.token, occurrence);
    occurrence.retryAt = undefined;
    occurrence.attempt++;
    this.#waitingCount--;
  }

  /** Has those that wait for an attempt wait until another second, which `to` tells. */
  moveRetries(to: (retryAt: UnixSeconds) => UnixSeconds): void {
    let isMoved = false;
    for (const occurrence of this.#byToken.values()) {
      const { retryAt } = occurrence;
      if (retryAt === undefined || to(retryAt) === retryAt) continue;
      occurrence.retryAt = to(retryAt);
      isMoved = true;
    }
    if (isMoved) this.#rebuildWaiting();
  }

  #rebuildWaiting(): void {
    const waiting: Waiting[] = [];
    for (const { token, retryAt } of this.#byToken.values()) {
      if (retryAt !== undefined) waiting.push({ token, retryAt });
    }
    // What is in order is a heap.
    this.#waiting = waiting.sort((a, b) => a.retryAt - b.retryAt);
  }

  end(occurrence: Occurrence): void {
    this.#byToken.delete(occurrence.token);
    if (occurrence.retryAt !== undefined) this.#waitingCount--;
    this.#liveBytes -= occurrence.recordBytes;
    const { row, second } = occurrence;
    const all = this.#byRow.get(row);
    if (!(all instanceof Map)) this.#byRow.delete(row);
    else {
      all.delete(second);
      if (all.size === 0) this.#byRow.delete(row);
    }
  }

  /** Ends all of a plan's. */
  endRow(row: number): void {
    for (const occurrence of this.ofRow(row)) this.end(occurrence);
  }
}

type BySecond = Map<UnixSeconds, Occurrence>;

/** So many entries that are over are nothing to care about. */
const fewEntries = 1024;

interface Waiting {
  readonly retryAt: UnixSeconds;
  readonly token: number;
}

function pushWaiting(heap: Waiting[], entry: Waiting): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent].retryAt <= entry.retryAt) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = entry;
}

/** Takes out the earliest; the heap must not be empty. */
function popWaiting(heap: Waiting[]): Waiting {
  const top = heap[0];
  const last = heap.pop() as Waiting;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    const right = child + 1;
    if (right < heap.length && heap[right].retryAt < heap[child].retryAt) {
      child = right;
    }
    if (heap[child].retryAt >= last.retryAt) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}
