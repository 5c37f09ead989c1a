/** What the machine's processors have done so far, in seconds. */
export interface MachineUse {
  /** All processes, and what the host took away. */
  readonly busySeconds: number;
  /** This process and those that it started and that have ended. */
  readonly ownSeconds: number;
}

export async function machineUse(): Promise<MachineUse> {
  const machine = await Deno.readTextFile("/proc/stat");
  const [user, nice, system, , , irq, softIrq, steal] = numbersIn(
    machine.slice("cpu".length, machine.indexOf("\n")),
  );
  const own = await Deno.readTextFile("/proc/self/stat");
  // The second field, the name, may hold spaces and ends with a parenthesis.
  const fields = own.slice(own.lastIndexOf(")") + 2).split(" ").map(Number);
  const ownTicks = fields.slice(firstTimeField, firstTimeField + 4);
  return {
    busySeconds: sum([user, nice, system, irq, softIrq, steal]) /
      ticksPerSecond,
    ownSeconds: sum(ownTicks) / ticksPerSecond,
  };
}

/** How many processors others kept busy between two moments; benchmarks want none. */
export function othersLoad(
  before: MachineUse,
  after: MachineUse,
  seconds: number,
): number {
  const busy = after.busySeconds - before.busySeconds;
  const own = after.ownSeconds - before.ownSeconds;
  return Math.max(0, busy - own) / seconds;
}

function numbersIn(text: string): number[] {
  return text.trim().split(/\s+/).map(Number);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** utime, stime, cutime, cstime; counted from the third field of proc_pid_stat(5). */
const firstTimeField = 11;
/** USER_HZ, which is 100 on all of Linux's common machines. */
const ticksPerSecond = 100;
