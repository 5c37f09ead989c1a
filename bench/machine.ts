/** What a result depends on, in one line. */
export async function describeMachine(): Promise<string> {
  const cpu = await Deno.readTextFile("/proc/cpuinfo");
  const model = /^model name\s*:\s*(.*)$/m.exec(cpu)?.[1] ?? Deno.build.arch;
  const memory = Deno.systemMemoryInfo().total / 1024 ** 3;
  return [
    `${model.trim()}, ${navigator.hardwareConcurrency} cores`,
    `${memory.toFixed(1)} GiB`,
    `Linux ${Deno.osRelease()}`,
    `Deno ${Deno.version.deno}`,
  ].join("; ");
}
