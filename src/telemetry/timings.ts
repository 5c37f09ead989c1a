import { Histogram } from "./histogram.ts";

/** How long it takes until plans are executed, and then how long they take; in seconds. */
export class Timings {
  /** From the scheduled second to the beginning of the first attempt. */
  readonly lateness = new Histogram(bounds);
  readonly #durations = new Map<string, Histogram>();

  /** Of each action that was executed, by its name. */
  get durations(): ReadonlyMap<string, Histogram> {
    return this.#durations;
  }

  /** How long an attempt took. */
  took(action: string, seconds: number): void {
    let histogram = this.#durations.get(action);
    if (histogram === undefined) {
      histogram = new Histogram(bounds);
      this.#durations.set(action, histogram);
    }
    histogram.observe(seconds);
  }
}

/** A millisecond to two minutes. */
const bounds = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
  120,
];
