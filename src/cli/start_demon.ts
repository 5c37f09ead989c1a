import { homedir } from "node:os";
import { defaultOrigin, type LoadedConfig } from "../config/load_config.ts";
import { version } from "../version.ts";
import { readReport } from "./demon_report.ts";
import { osReason } from "../core/os_reason.ts";
import { ownCommand } from "./own_command.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Starts a daemon that outlives this command and its terminal, and waits until
 * it is ready. It is given `args`, which have a --demon among them, and where to
 * log.
 * @throws {Error} one line, when it does not come to be ready
 */
export async function startDemon(
  loaded: LoadedConfig,
  { terminal, args }: {
    readonly terminal: Terminal;
    readonly args: readonly string[];
  },
): Promise<void> {
  const logFile = await findLogFile(loaded);
  const command = await ownCommand();
  const demon = new Deno.Command("/bin/sh", {
    args: [
      ...["-c", script, "/bin/sh", logFile],
      ...command,
      ...args,
      ...["--log", logFile, "--detached"],
    ],
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const wait = new AbortController();
  const report = await Promise.race([
    readReport(demon.stdout),
    terminal.clock.sleep(patienceMs, wait.signal),
  ]);
  wait.abort();
  if (report?.kind === "failed") throw new Error(report.reason);
  if (report?.kind === "gone") {
    const { code, signal } = await demon.status;
    const how = signal === null ? `with status ${code}` : `by ${signal}`;
    throw new Error(`The daemon ended ${how}, see ${logFile}`);
  }
  demon.unref();
  const state = report ? "" : ", still reading its plans";
  terminal.print(`forsun ${version} is running, pid ${demon.pid}${state}`);
}

/** What the runtime itself has to say, such as that memory ran out, goes to the log, too. */
const script = 'exec 2>>"$1"; shift; exec "$@"';

/** Ten million plans take half of it. */
const patienceMs = 60_000;

/**
 * The log file that is configured, else the first daemon's, else one in the home
 * folder for whoever may not write there.
 */
async function findLogFile(
  { config, origins }: LoadedConfig,
): Promise<string> {
  const { logFile } = config;
  if (origins.logFile !== defaultOrigin) {
    if (logFile === "-") {
      const place = `log_file (${origins.logFile})`;
      throw new Error(`${place} must be a file with --demon, got "-"`);
    }
    await openLog(logFile);
    return logFile;
  }
  try {
    await openLog(systemLog);
    return systemLog;
  } catch {
    const ownLog = `${homedir()}/.forsun.log`;
    await openLog(ownLog);
    return ownLog;
  }
}

const systemLog = "/var/log/forsun.log";

async function openLog(path: string): Promise<void> {
  try {
    const file = await Deno.open(path, { append: true, create: true });
    file.close();
  } catch (error) {
    throw new Error(`Cannot open the log file ${path}: ${osReason(error)}`, {
      cause: error,
    });
  }
}
