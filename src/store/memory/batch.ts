import type { Segment } from "./segment.ts";

/** Consecutive records of one segment that are written together. */
export class Batch {
  readonly segment: Segment;
  readonly start: number;
  done = Promise.withResolvers<void>();
  end: number;
  isUnderWay = false;
  /** The records up to here must be kept if they can't be written. */
  keptEnd: number;

  constructor(segment: Segment, start: number, end: number) {
    this.segment = segment;
    this.start = start;
    this.end = end;
    this.keptEnd = start;
    // Claims are journalled without anyone waiting for them.
    this.done.promise.catch(() => {});
  }

  /** Has the batch tried again; returns what those wait for who waited so far. */
  renew(): PromiseWithResolvers<void> {
    const { done } = this;
    this.done = Promise.withResolvers();
    this.done.promise.catch(() => {});
    this.isUnderWay = false;
    return done;
  }

  takes(segment: Segment): boolean {
    return segment === this.segment && !this.isUnderWay &&
      this.end - this.start < maxBatchBytes;
  }
}

/** A batch is applied in one go once it is written: larger ones would stall the loop. */
const maxBatchBytes = 128 * 1024;
