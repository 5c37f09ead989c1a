/** Looks at the processes of this machine through /proc. */

/** The state letter of process `pid` (Z is a zombie); undefined when it is gone. */
export async function processState(pid: number): Promise<string | undefined> {
  return (await statFields(pid))?.state;
}

/** The zombies among this process's own children. */
export async function ownZombies(): Promise<readonly number[]> {
  const zombies: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const fields = await statFields(Number(name));
    if (fields?.parent === Deno.pid && fields.state === "Z") {
      zombies.push(Number(name));
    }
  }
  return zombies;
}

/** How many descriptors this process has open. */
export async function openDescriptors(): Promise<number> {
  return (await Array.fromAsync(Deno.readDir("/proc/self/fd"))).length;
}

async function statFields(
  pid: number,
): Promise<{ readonly state: string; readonly parent: number } | undefined> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent) };
  } catch {
    return undefined; // it ended
  }
}
