/** Runs a command whose output is of no interest; whether it is there and succeeds. */
export async function runQuietly(
  command: string,
  ...args: readonly string[]
): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args: [...args],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
