import { Socket } from "node:net";
import { within } from "../core/within.ts";
import type { TargetGuard } from "./target_guard.ts";

/** One attempt to connect, and how many calls wait for what comes of it. */
interface Probe {
  /** Resolves once a connection was accepted, all addresses have refused, or nobody waits. */
  readonly answered: Promise<true>;
  readonly socket: Socket;
  waiting: number;
}

/**
 * Finds out whether a server can be connected to at all, for calls that wait
 * for it. fetch has no limit for the time that connecting takes and doesn't say
 * when it is connected; a second, bare connection tells. Calls that wait for
 * the same server share one.
 */
export class ConnectProbes implements Disposable {
  readonly #probes = new Map<string, Probe>();
  readonly #guard: TargetGuard | undefined;

  /** `guard` keeps from addresses that are forbidden. */
  constructor(guard?: TargetGuard) {
    this.#guard = guard;
  }

  /**
   * Whether the server of `url` answers within `waitMs` when it is connected to.
   * A refusal is an answer too: fetch hears the same and needs no help. Of
   * several addresses one that accepts is enough, as for fetch.
   */
  async answers(url: URL, waitMs: number): Promise<boolean> {
    const probe = this.#probes.get(url.origin) ?? this.#start(url);
    probe.waiting++;
    const answered = await within(waitMs, probe.answered);
    if (--probe.waiting === 0) this.#stop(url.origin, probe);
    return answered ?? false;
  }

  [Symbol.dispose](): void {
    for (const [origin, probe] of this.#probes) this.#stop(origin, probe);
  }

  #start(url: URL): Probe {
    const { promise, resolve } = Promise.withResolvers<true>();
    // Unlike Deno.connect this goes on to a name's next address after a while.
    const socket = new Socket();
    for (const event of ["connect", "error", "close"]) {
      socket.on(event, () => resolve(true));
    }
    const connect = (host: string) => {
      socket.connect({ host, port: portOf(url) });
    };
    if (this.#guard?.isOn) {
      this.#guard.resolve(hostOf(url)).then(([address]) => {
        if (!socket.destroyed) connect(address);
      }, () => resolve(true));
    } else {
      connect(hostOf(url));
    }
    const probe = { answered: promise, socket, waiting: 0 };
    this.#probes.set(url.origin, probe);
    return probe;
  }

  #stop(origin: string, { socket }: Probe): void {
    socket.destroy();
    if (this.#probes.get(origin)?.socket === socket) {
      this.#probes.delete(origin);
    }
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

/** The TCP port that `url` leads to. */
export function portOf(url: URL): number {
  return url.port === ""
    ? url.protocol === "https:" ? 443 : 80
    : Number(url.port);
}
