/** How often starting the killer is tried, and the pause between, in milliseconds. */
const killAttempts = 5;
const killPauseMs = 50;

/**
 * Sends KILL to every process in the group that `child` leads. `child` must not
 * have ended yet: its number could be another process's by then.
 */
export async function killGroup(child: Deno.ChildProcess): Promise<void> {
  for (let attempt = 1; attempt <= killAttempts; attempt++) {
    try {
      // Deno.kill would need an unlimited permission to run programs.
      const { success } = await new Deno.Command("/bin/sh", {
        args: ["-c", 'kill -KILL "-$1"', "/bin/sh", String(child.pid)],
        clearEnv: true,
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).output();
      if (success) return;
      break;
    } catch {
      // Out of processes or descriptors: others end and free some.
      await new Promise((resolve) => setTimeout(resolve, killPauseMs));
    }
  }
  killLeader(child);
}

/** For a child that hasn't come as far as its own group, or when nothing else can be started. */
function killLeader(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    const hasEnded = error instanceof TypeError ||
      error instanceof Deno.errors.NotFound;
    if (!hasEnded) throw error;
  }
}
