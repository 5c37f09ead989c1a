import { requireCommand } from "./services.ts";
import { type ServerProgram, startServerProgram } from "./server_program.ts";

/** Whether tests that need a beanstalkd are to be run. */
export const hasBeanstalkd = await requireCommand("beanstalkd");

/** Starts a beanstalkd of the test's own, whose jobs survive a restart. */
export function startBeanstalkd(
  ...args: readonly string[]
): Promise<ServerProgram> {
  return startServerProgram({
    command: ({ port, folder }) => [
      "beanstalkd",
      ...["-l", "127.0.0.1", "-p", String(port), "-b", folder, "-f", "0"],
      ...args,
    ],
  });
}
