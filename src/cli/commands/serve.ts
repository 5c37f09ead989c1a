import {
  type CommandUnknownOpts,
  Option as Flag,
} from "@commander-js/extra-typings";
import { invalidArgument } from "../../core/errors.ts";
import { version } from "../../version.ts";
import { reportStart } from "../demon_report.ts";
import type { ProgramContext } from "../program_context.ts";
import { type ConfigRequest, readConfig } from "../read_config.ts";
import { configuredCommand, readRequest } from "../serve_flags.ts";
import { startDemon } from "../start_demon.ts";
import type { Terminal } from "../terminal.ts";

/** `forsun serve`, which a program called `forsund` runs by itself. */
export function serveCommand(context: ProgramContext): CommandUnknownOpts {
  const command = configuredCommand("serve")
    .description("run the daemon")
    .version(version, "--version", "print the version")
    .option("--demon", "detach, once the daemon is running")
    .option("--nodemon", "stay in the foreground, as without --demon")
    .addOption(new Flag("--detached").hideHelp())
    .addHelpText("after", examples);
  return command.action(async (given) => {
    const request = readRequest(command, context);
    const { terminal, args } = context;
    if (given.demon && given.nodemon) {
      throw invalidArgument("--demon and --nodemon exclude each other");
    }
    if (given.detached) {
      const succeeded = await reportStart(
        (onReady) => runHere(request, { terminal, onReady }),
        terminal,
      );
      context.status = succeeded ? 0 : 1;
    } else if (given.demon) {
      await startDemon(await readConfig(request), { terminal, args });
    } else {
      await runHere(request, { terminal, onReady: () => {} });
    }
  });
}

/** The daemon's own modules are loaded only once there is something for it to run with. */
async function runHere(
  request: ConfigRequest,
  options: { readonly terminal: Terminal; readonly onReady: () => void },
): Promise<void> {
  const loaded = await readConfig(request);
  const { runServer } = await import("../run_server.ts");
  await runServer(loaded, { ...options, readAgain: () => readConfig(request) });
}

const examples = `
Other options have no flag: forsun help config lists them all, forsun config
prints what they are and where that was said.

Examples:
  forsun serve
  forsun serve --bind 10.0.0.5 --log /var/log/forsun.log
  forsun serve --conf /etc/forsun.conf --mem-fsync everysec
  forsun serve --demon --log /var/log/forsun.log --pid-file /run/forsun.pid`;
