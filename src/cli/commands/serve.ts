import {
  Command,
  type CommandUnknownOpts,
  Option as Flag,
} from "@commander-js/extra-typings";
import { idleOptions, type Option, options } from "../../config/options.ts";
import { invalidArgument } from "../../core/errors.ts";
import { version } from "../../version.ts";
import { reportStart } from "../demon_report.ts";
import type { ProgramContext } from "../program_context.ts";
import { type ConfigRequest, readConfig } from "../read_config.ts";
import { startDemon } from "../start_demon.ts";
import type { Terminal } from "../terminal.ts";

/** `forsun serve`, which a program called `forsund` runs by itself. */
export function serveCommand(context: ProgramContext): CommandUnknownOpts {
  const command = new Command("serve")
    .description("run the daemon")
    .helpOption("-h, --help", "print this")
    .version(version, "--version", "print the version")
    .option("--conf <FILE>", "configuration file")
    .option("--demon", "detach, once the daemon is running")
    .option("--nodemon", "stay in the foreground, as without --demon")
    .addOption(new Flag("--detached").hideHelp())
    .addHelpText("after", examples);
  const all = [...Object.values<Option>(options), ...idleOptions]
    .filter(({ flag }) => flag !== undefined);
  for (const option of all) {
    command.addOption(toFlag(option) as Flag<"--any <TEXT>">);
  }
  return command.action(async (given) => {
    checkPlace(context);
    const flags = new Map<string, string>();
    for (const { flag = "" } of all) {
      const value: unknown = command.getOptionValue(camelCase(flag));
      if (value !== undefined) flags.set(flag, String(value));
    }
    const request = { flags, configPath: given.conf };
    const { terminal, args } = context;
    if (given.detached) {
      const succeeded = await reportStart(
        (onReady) => runHere(request, { terminal, onReady }),
        terminal,
      );
      context.status = succeeded ? 0 : 1;
    } else if (given.demon && !given.nodemon) {
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
  await runServer(loaded, options);
}

type FlagOption = Pick<Option, "flag" | "value" | "isList"> & Partial<Option>;

function toFlag({ flag, value, isList, ...option }: FlagOption): Flag {
  const { about = "no effect", usual = "" } = option;
  const help = usual === "" ? about : `${about} (default: ${usual})`;
  const made = new Flag(value ? `--${flag} <${value}>` : `--${flag}`, help);
  if (isList) {
    made.argParser((text: string, before?: string) =>
      before === undefined ? text : `${before};${text}`
    );
  }
  return made;
}

/** A `--port` in front of `serve` is the client's, and would do nothing. */
function checkPlace({ flags }: ProgramContext): void {
  if (Object.keys(flags()).length === 0) return;
  throw invalidArgument("serve: its flags must stand behind it");
}

/** How commander names a flag's value. */
function camelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

const examples = `
Examples:
  forsun serve
  forsun serve --bind 10.0.0.5 --log /var/log/forsun.log
  forsun serve --conf /etc/forsun.conf --mem-fsync everysec
  forsun serve --demon --log /var/log/forsun.log --pid-file /run/forsun.pid`;
