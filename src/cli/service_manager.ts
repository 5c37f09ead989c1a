import { getLogger } from "@logtape/logtape";
import { join } from "node:path";
import { osReason } from "../core/os_reason.ts";
import type { Clock } from "../core/time.ts";

/** Who has started the daemon and wants to know how it is, as systemd does (sd_notify(3)). */
export interface ServiceManager extends Disposable {
  /** Plans fire and requests are answered. */
  ready(): void;
  stopping(): void;
}

export interface ServiceManagerOptions {
  readonly environment: (name: string) => string | undefined;
  readonly clock: Clock;
}

/**
 * Tells whoever listens at NOTIFY_SOCKET, in time for the watchdog that
 * WATCHDOG_USEC asks for; nobody when that is not set. What can't be told is
 * logged once.
 */
export function openServiceManager(
  { environment, clock }: ServiceManagerOptions,
): ServiceManager {
  const path = environment("NOTIFY_SOCKET");
  const socket = path ? openSocket(environment) : undefined;
  const end = new AbortController();
  let hasFailed = false;
  let telling = Promise.resolve();
  const tell = (state: string) => {
    // The socket takes one message at a time.
    telling = telling.then(() => send(state));
  };
  const send = async (state: string) => {
    if (!path || socket === undefined) return;
    try {
      const to = { transport: "unixpacket", path } as const;
      await socket.send(encoder.encode(state), to);
    } catch (error) {
      if (!hasFailed) complain(error);
      hasFailed = true;
    }
  };
  const intervalMs = watchdogMs(environment);
  return {
    ready() {
      tell("READY=1");
      if (intervalMs === undefined) return;
      keepTelling(() => tell("WATCHDOG=1"), {
        intervalMs,
        clock,
        signal: end.signal,
      });
    },
    stopping: () => tell("STOPPING=1"),
    [Symbol.dispose]() {
      end.abort();
      socket?.close();
    },
  };
}

const logger = getLogger(["forsun", "serve"]);
const encoder = new TextEncoder();

/** A socket that nobody can send to: its name is gone as soon as it is there. */
function openSocket(
  environment: (name: string) => string | undefined,
): Deno.DatagramConn | undefined {
  const folder = environment("RUNTIME_DIRECTORY") || environment("TMPDIR") ||
    "/tmp";
  const path = join(folder, `forsun-notify-${crypto.randomUUID()}`);
  try {
    const socket = Deno.listenDatagram({ transport: "unixpacket", path });
    Deno.removeSync(path);
    return socket;
  } catch (error) {
    complain(error);
    return undefined;
  }
}

function complain(error: unknown): void {
  logger.warn("Cannot tell the service manager how the daemon is: {reason}", {
    reason: osReason(error),
  });
}

/** Half of the time that the watchdog gives; undefined when it isn't this process that it watches. */
function watchdogMs(
  environment: (name: string) => string | undefined,
): number | undefined {
  const pid = environment("WATCHDOG_PID");
  const limitMs = Number(environment("WATCHDOG_USEC")) / 1000;
  const isMeant = !pid || pid === String(Deno.pid);
  return isMeant && limitMs > 0 ? limitMs / 2 : undefined;
}

async function keepTelling(
  tell: () => void,
  { intervalMs, clock, signal }: {
    readonly intervalMs: number;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  while (!signal.aborted) {
    tell();
    await clock.sleep(intervalMs, signal);
  }
}
