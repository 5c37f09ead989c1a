import { getLogger } from "@logtape/logtape";
import type { Config, LoadedConfig } from "../config/load_config.ts";
import type { LiveConfig } from "../config/reload_config.ts";
import { systemClock } from "../core/system_clock.ts";
import { runDaemon } from "../daemon/run_daemon.ts";
import { createCounters } from "../telemetry/counters.ts";
import { type LogRules, startLogging } from "../telemetry/logging.ts";
import { openPidFile } from "./pid_file.ts";
import { reloadOnHangup } from "./reload_on_hangup.ts";
import { describeError } from "./report_error.ts";
import { revokePermissions } from "./revoke_permissions.ts";
import { openServiceManager } from "./service_manager.ts";
import { stopOnSignals } from "./stop_on_signals.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs the daemon until it is told to stop. `onReady` is called when plans fire
 * and requests are answered.
 * @throws {Error} one line, when it can't start or go on
 */
export async function runServer(
  { config, warnings }: LoadedConfig,
  { terminal, onReady, readAgain }: {
    readonly terminal: Terminal;
    readonly onReady: () => void;
    /** Reads the configuration as it is by now. */
    readonly readAgain: () => Promise<LoadedConfig>;
  },
): Promise<void> {
  const { logFile: file, pidFile } = config;
  const counters = createCounters();
  const live: LiveConfig = { ...config };
  await using logging = await startLogging({
    file,
    clock: systemClock,
    counters,
    ...logRulesOf(config),
  });
  for (const warning of warnings) logger.warn("{warning}", { warning });
  const reloads = new Set<() => Promise<void>>();
  using stop = stopOnSignals(terminal);
  using resources = new DisposableStack();
  resources.use(reloadOnHangup({
    live,
    readAgain,
    async onReload() {
      logging.change(logRulesOf(live));
      logging.reopen();
      for (const reload of reloads) await reload();
    },
    onHangup: stop.now,
  }));
  try {
    const pid = pidFile === undefined
      ? undefined
      : resources.use(await openPidFile(pidFile));
    const manager = resources.use(openServiceManager({
      environment: (name) => Deno.env.get(name),
      clock: systemClock,
    }));
    stop.signal.addEventListener("abort", manager.stopping, { once: true });
    await runDaemon({
      config: live,
      clock: systemClock,
      counters,
      signal: stop.signal,
      reloads,
      onReady: () => {
        revokePermissions(config);
        pid?.write();
        manager.ready();
        onReady();
      },
    });
  } catch (error) {
    // Standard error hears of it anyway.
    if (file !== "-") {
      logger.fatal("{reason}", { reason: describeError(error) });
    }
    throw error;
  }
}

const logger = getLogger(["forsun", "serve"]);

function logRulesOf(config: Config): LogRules {
  return {
    level: config.logLevel,
    format: config.logFormat,
    rotation: config.logRotate,
    backupCount: config.logBackupCount,
  };
}
