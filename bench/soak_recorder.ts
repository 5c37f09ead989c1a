import type { Daemon } from "./daemon.ts";
import type { Samples } from "./samples.ts";
import type { Lateness, Sink } from "./sink.ts";
import { quantile } from "./summary.ts";
import { atMost } from "./target.ts";
import { units } from "./unit.ts";

export interface SoakRecorderParts {
  readonly daemon: Daemon;
  readonly sink: Sink;
  say(line: string): void;
}

/** Looks at a daemon again and again, and tells whether it changes. */
export class SoakRecorder {
  readonly #parts: SoakRecorderParts;
  readonly #looks: Look[] = [];
  #cpuSeconds = 0;
  #startMs = 0;

  constructor(parts: SoakRecorderParts) {
    this.#parts = parts;
  }

  async begin(): Promise<void> {
    const { daemon, sink } = this.#parts;
    await sink.lateness();
    this.#cpuSeconds = (await daemon.cpu()).seconds;
    this.#startMs = performance.now();
  }

  /** Notes what has been since the last look. */
  async record(minute: number): Promise<void> {
    const { daemon, sink, say } = this.#parts;
    const { residentBytes } = await daemon.memory();
    const descriptors = await daemon.descriptors();
    const lateness = await sink.lateness();
    const cpuSeconds = (await daemon.cpu()).seconds;
    const nowMs = performance.now();
    const passed = (nowMs - this.#startMs) / 1000;
    const cpuShare = (cpuSeconds - this.#cpuSeconds) / passed;
    const fired = lateness.count / passed;
    this.#startMs = nowMs;
    this.#cpuSeconds = cpuSeconds;
    this.#looks.push({ residentBytes, descriptors, lateness, cpuShare, fired });
    say([
      `minute ${minute}: RSS ${units.megabytes.format(residentBytes / 1e6)}`,
      `${descriptors} descriptors`,
      `${fired.toFixed(0)} fired a second`,
      `p50 ${units.milliseconds.format(lateness.p50)}`,
      `p99 ${units.milliseconds.format(lateness.p99)}`,
      `most ${units.milliseconds.format(lateness.most)}`,
      `CPU ${units.percent.format(cpuShare * 100)}`,
    ].join(", "));
  }

  /** Adds what was seen behind the first `settling` looks, and how it changed. */
  addTo(samples: Samples, settling: number): void {
    const looks = this.#looks.slice(settling);
    const add = (what: string, kind: Kind, valueOf: (look: Look) => number) => {
      const values = looks.map(valueOf);
      for (const value of values) samples.add(what, value, kind);
      return values;
    };
    const { milliseconds, count, percent, perSecond } = units;
    const resident = add(
      "RSS",
      { unit: units.megabytes },
      ({ residentBytes }) => residentBytes / 1e6,
    );
    samples.add(
      "RSS: growth from the first third to the last",
      growth(resident),
      {
        unit: percent,
        target: atMost(5),
      },
    );
    const open = add(
      "descriptors",
      { unit: count },
      (look) => look.descriptors,
    );
    samples.add("descriptors: growth, the same", growth(open), {
      unit: percent,
      target: atMost(5),
    });
    add("fired", { unit: perSecond }, (look) => look.fired);
    add("lateness, p50", { unit: milliseconds }, (look) => look.lateness.p50);
    const late = add(
      "lateness, p99",
      { unit: milliseconds },
      (look) => look.lateness.p99,
    );
    samples.add("lateness, p99: growth, the same", growth(late), {
      unit: percent,
    });
    add("lateness, most", { unit: milliseconds }, (look) => look.lateness.most);
    add("CPU of one core", { unit: percent }, (look) => look.cpuShare * 100);
  }
}

interface Look {
  readonly residentBytes: number;
  readonly descriptors: number;
  readonly lateness: Lateness;
  readonly cpuShare: number;
  readonly fired: number;
}

type Kind = Parameters<Samples["add"]>[2];

/** By how many percent the median of the last third is above that of the first. */
function growth(values: readonly number[]): number {
  const third = Math.max(1, Math.floor(values.length / 3));
  const median = (part: readonly number[]) =>
    quantile(part.toSorted((a, b) => a - b), 0.5);
  const first = median(values.slice(0, third));
  return (median(values.slice(-third)) / first - 1) * 100;
}
