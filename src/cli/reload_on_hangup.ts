import { getLogger } from "@logtape/logtape";
import type { LoadedConfig } from "../config/load_config.ts";
import { type LiveConfig, reloadConfig } from "../config/reload_config.ts";
import { describeError } from "./report_error.ts";

export interface ReloadOptions {
  /** Is changed in place, as far as can be. */
  readonly live: LiveConfig;
  readonly readAgain: () => Promise<LoadedConfig>;
  /** Is called behind each signal, whether anything has changed or not. */
  readonly onReload: () => Promise<void>;
  /** Is called instead when the terminal that the daemon was started on is gone. */
  readonly onHangup: () => void;
}

/**
 * Reads the configuration again at SIGHUP, until it is disposed, and logs what
 * has changed and what can't; one that is wrong changes nothing.
 */
export function reloadOnHangup(options: ReloadOptions): Disposable {
  const hadTerminal = Deno.stdin.isTerminal();
  let reloading = Promise.resolve();
  const onSignal = () => {
    if (hadTerminal && !Deno.stdin.isTerminal()) return options.onHangup();
    reloading = reloading.then(() => reload(options));
  };
  Deno.addSignalListener("SIGHUP", onSignal);
  return {
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGHUP", onSignal),
  };
}

async function reload(
  { live, readAgain, onReload }: ReloadOptions,
): Promise<void> {
  try {
    const next = await readAgain();
    const { applied, pending } = reloadConfig(live, next);
    await onReload();
    for (const warning of next.warnings) logger.warn("{warning}", { warning });
    for (const change of applied) logger.info("{change}", { change });
    for (const change of pending) logger.warn("{change}", { change });
    if (applied.length + pending.length === 0) {
      logger.info("Read the configuration again, nothing has changed");
    }
  } catch (error) {
    logger.error("The configuration stays as it is: {reason}", {
      reason: describeError(error),
    });
    await onReload();
  }
}

const logger = getLogger(["forsun", "serve"]);
