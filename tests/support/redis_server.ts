import { requireCommand } from "./services.ts";
import { type ServerProgram, startServerProgram } from "./server_program.ts";

/** Whether tests that need a redis-server are to be run. */
export const hasRedis = await requireCommand("redis-server");

/** Starts a redis-server of the test's own; `args` are further options of its, such as `--requirepass`. */
export function startRedis(
  ...args: readonly string[]
): Promise<ServerProgram> {
  return startServerProgram({
    command: ({ port, folder }) => [
      "redis-server",
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
      ...["--save", "", "--appendonly", "no", "--daemonize", "no"],
      ...args,
    ],
  });
}

/** Asks a Redis with redis-cli; `words` may begin with options of that. */
export async function askRedis(
  port: number,
  ...words: readonly string[]
): Promise<string> {
  const { stdout } = await new Deno.Command("redis-cli", {
    args: ["-p", String(port), ...words],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim();
}
