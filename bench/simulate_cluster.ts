/**
 * Works out how plans would lie on a Redis Cluster that is larger than the
 * machine at hand: `deno run bench/simulate_cluster.ts`. Where partitions end
 * up is computed as Redis does it; what a plan costs are measured values.
 */

/** Measured on the 2-core machine of BENCHMARKS.md; see docs/scaling.md. */
const measured = {
  bytesPerPlan: 172,
  redisMicrosPerPut: 21,
  redisMicrosPerFire: 46,
  nodeMicrosPerFire: 45,
};

/** What a shard may be used to, so that there is room for the rest. */
const most = {
  bytesPerShard: 12e9,
  shareOfCore: 0.5,
};

const slots = 16_384;

interface Case {
  readonly plans: number;
  /** How many plans come in and fire each second. */
  readonly perSecond: number;
}

const cases: readonly Case[] = [
  { plans: 1e7, perSecond: 1000 },
  { plans: 1e8, perSecond: 10_000 },
  { plans: 1e9, perSecond: 10_000 },
  { plans: 1e9, perSecond: 100_000 },
];

/** The slot of a key with that hash tag: CRC-16/XMODEM, as Redis Cluster's specification says. */
export function slotOf(tag: string): number {
  let crc = 0;
  for (const byte of new TextEncoder().encode(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
    }
  }
  return crc % slots;
}

/** How many partitions each shard has, when slots are dealt out evenly. */
export function partitionsPerShard(
  partitions: number,
  shards: number,
): readonly number[] {
  const counts = Array.from({ length: shards }, () => 0);
  for (let partition = 0; partition < partitions; partition++) {
    const slot = slotOf(`forsun:0:${partition}`);
    counts[Math.floor(slot * shards / slots)]++;
  }
  return counts;
}

/** The fewest shards, and the partitions for them, whose fullest shard is within its limits. */
function layOut({ plans, perSecond }: Case) {
  const { bytesPerPlan, redisMicrosPerPut, redisMicrosPerFire } = measured;
  for (let shards = 1;; shards++) {
    // Many partitions a shard even out; more than 4096 there can't be.
    const partitions = Math.min(4096, Math.max(64, 128 * shards));
    const counts = partitionsPerShard(partitions, shards);
    const fullest = Math.max(...counts) / partitions;
    const bytes = plans * bytesPerPlan * fullest;
    const micros = perSecond * (redisMicrosPerPut + redisMicrosPerFire) *
      fullest;
    const isEnough = bytes <= most.bytesPerShard &&
      micros / 1e6 <= most.shareOfCore;
    if (isEnough) return { shards, partitions, fullest, bytes, micros };
  }
}

function row(one: Case): string {
  const { shards, partitions, fullest, bytes, micros } = layOut(one);
  const nodes = Math.ceil(
    one.perSecond * measured.nodeMicrosPerFire / 1e6 / most.shareOfCore,
  ) + 1;
  const cells = [
    one.plans.toLocaleString("en-US"),
    one.perSecond.toLocaleString("en-US"),
    shards,
    partitions,
    `${(one.plans * measured.bytesPerPlan / 1e9).toFixed(1)} GB`,
    `${(bytes / 1e9).toFixed(1)} GB`,
    `${(micros / 1e4).toFixed(0)} %`,
    `${((fullest * shards - 1) * 100).toFixed(0)} %`,
    nodes,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The table of docs/scaling.md. */
export function simulatedTable(): string {
  const head = [
    "plans",
    "in and out/s",
    "shards",
    "partitions",
    "memory",
    "fullest shard",
    "its core",
    "above average",
    "nodes",
  ];
  return [
    `| ${head.join(" | ")} |`,
    `|${head.map(() => " ---: |").join("")}`,
    ...cases.map(row),
  ].join("\n");
}

if (import.meta.main) {
  // deno-lint-ignore no-console -- a program for people
  console.log(simulatedTable());
}
