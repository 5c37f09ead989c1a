import { type Benchmark, eachRun, scaled } from "../benchmark.ts";
import { Samples } from "../samples.ts";
import { units } from "../unit.ts";
import { DueIndex } from "../../src/store/memory/due_index.ts";

/** What the timer wheel does in a second. */
export const wheelBenchmark: Benchmark = {
  name: "wheel",
  about: "operations of the timer wheel a second, in this process",
  isInProcess: true,
  run(context) {
    const rows = scaled(context, 1_000_000);
    const samples = new Samples();
    for (const _ of eachRun(context, 5)) {
      const index = new DueIndex(now);
      const add = (what: string, count: number, work: () => void) => {
        const startMs = performance.now();
        work();
        const seconds = (performance.now() - startMs) / 1000;
        samples.add(what, count / seconds, { unit: units.perSecond });
      };
      add("set, within a month", rows, () => {
        for (let row = 0; row < rows; row++) index.set(row, secondOf(row));
      });
      add("cancel", rows, () => {
        for (let row = 0; row < rows; row++) index.cancel(row);
      });
      for (let row = 0; row < rows; row++) {
        index.set(row, now + 1 + row % lifetime);
      }
      add("move to the next second and take what is due", rows, () => {
        for (let second = 1; second <= lifetime; second++) {
          index.moveTo(now + second);
          while (index.takeDue() !== undefined);
        }
      });
      add("move on where nothing is due", lifetime, () => {
        for (let second = 1; second <= lifetime; second++) {
          index.moveTo(now + lifetime + second);
        }
      });
    }
    return Promise.resolve(samples.rows());
  },
};

const now = Date.UTC(2026, 0, 1) / 1000;
const lifetime = 3600;
const month = 30 * 86_400;

function secondOf(row: number): number {
  return now + 1 + (row * 48_271) % month;
}
