/** What a process holds in memory, in bytes. */
export interface MemoryUse {
  readonly residentBytes: number;
  /** Of that, what is not a mapped file. */
  readonly anonymousBytes: number;
}

/** What a process has used so far. */
export interface CpuUse {
  /** Of all its threads, those that have ended included; in steps of 10 ms. */
  readonly seconds: number;
  /** How often one of its present threads slept and was woken. */
  readonly wakeups: number;
}

export async function memoryUse(pid: number): Promise<MemoryUse> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return {
    residentBytes: fieldOf(status, "VmRSS") * 1024,
    anonymousBytes: fieldOf(status, "RssAnon") * 1024,
  };
}

/** How many file descriptors a process has open. */
export async function descriptorCount(pid: number): Promise<number> {
  let count = 0;
  for await (const _ of Deno.readDir(`/proc/${pid}/fd`)) count++;
  return count;
}

export async function cpuUse(pid: number): Promise<CpuUse> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // The second field, the name, may hold spaces and ends with a parenthesis.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[userTimeField]) + Number(fields[systemTimeField]);
  return { seconds: ticks / ticksPerSecond, wakeups: await wakeupsOf(pid) };
}

async function wakeupsOf(pid: number): Promise<number> {
  let wakeups = 0;
  for await (const { name: thread } of Deno.readDir(`/proc/${pid}/task`)) {
    const path = `/proc/${pid}/task/${thread}/status`;
    // A thread may end between being listed and being read.
    const status = await Deno.readTextFile(path).catch(() => undefined);
    if (status !== undefined) {
      wakeups += fieldOf(status, "voluntary_ctxt_switches");
    }
  }
  return wakeups;
}

function fieldOf(status: string, name: string): number {
  const found = new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status);
  if (found === null) throw new Error(`/proc has no ${name}`);
  return Number(found[1]);
}

/** Counted from the state, the third field of proc_pid_stat(5). */
const userTimeField = 11;
const systemTimeField = 12;
/** USER_HZ, which is 100 on all of Linux's common machines. */
const ticksPerSecond = 100;
