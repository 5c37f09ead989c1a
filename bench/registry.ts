import type { Benchmark } from "./benchmark.ts";
import { actionBenchmarks } from "./cases/actions.ts";
import { bulkBenchmark } from "./cases/bulk.ts";
import { burstBenchmark } from "./cases/burst.ts";
import { createBenchmark } from "./cases/create.ts";
import { floodBenchmark } from "./cases/flood.ts";
import { idleBenchmark } from "./cases/idle.ts";
import { latenessBenchmark } from "./cases/lateness.ts";
import { lsBenchmark } from "./cases/ls.ts";
import { memoryBenchmark } from "./cases/memory.ts";
import { pageBenchmark } from "./cases/page.ts";
import { redisLargeBenchmark } from "./cases/redis_large.ts";
import { redisStoreBenchmark } from "./cases/redis_store.ts";
import { restartBenchmark } from "./cases/restart.ts";
import { schedulesBenchmark } from "./cases/schedules.ts";
import { shellBenchmark } from "./cases/shell.ts";
import { soakBenchmark } from "./cases/soak.ts";
import { stallBenchmark } from "./cases/stall.ts";
import { storeBenchmark } from "./cases/store.ts";
import { wheelBenchmark } from "./cases/wheel.ts";

/** All benchmarks, in the order in which `all` runs them and BENCHMARKS.md shows them. */
export const benchmarks: readonly Benchmark[] = [
  createBenchmark,
  stallBenchmark,
  memoryBenchmark,
  restartBenchmark,
  latenessBenchmark,
  burstBenchmark,
  idleBenchmark,
  lsBenchmark,
  pageBenchmark,
  bulkBenchmark,
  shellBenchmark,
  ...actionBenchmarks,
  schedulesBenchmark,
  wheelBenchmark,
  storeBenchmark,
  redisStoreBenchmark,
  redisLargeBenchmark,
  floodBenchmark,
  soakBenchmark,
];
