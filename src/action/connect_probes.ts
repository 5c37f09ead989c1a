import { Socket } from "node:net";
import type { TargetGuard } from "./target_guard.ts";
import type { TimerLists } from "./timer_lists.ts";

export interface ConnectProbesOptions {
  readonly timers: TimerLists;
  /** Keeps from addresses that are forbidden. */
  readonly guard?: TargetGuard;
}

export interface WatchOptions {
  /** How long connecting may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Called once, when the server can't be connected to in that time. */
  readonly onMissing: () => void;
}

/** A request that waits for its reply. */
export interface Watch {
  /** Don't send the request before this resolves; undefined where it needn't wait. */
  readonly found: Promise<void> | undefined;
  /** Call when there is a reply. */
  replied(): void;
  /** Call when there will be none; does nothing after {@link replied}. */
  end(): void;
}

/** A server that requests wait for. */
interface Server {
  waiting: number;
  /** When it was last there, as performance.now() tells it; -Infinity is never. */
  heardMs: number;
  probe: Probe | undefined;
}

/** A bare connection that is being tried. */
interface Probe {
  readonly socket: Socket;
  /** Resolves once the server is there. */
  readonly found: Promise<void>;
  readonly hear: () => void;
}

/** How many servers are remembered that nothing waits for; the oldest are forgotten first. */
const maxRemembered = 1000;

/**
 * Finds out whether servers can be connected to at all. fetch has no limit for
 * the time that connecting takes and doesn't say when it is connected, so a
 * second, bare connection tells where no reply does.
 *
 * That one may find no room at a server that has let requests in, serves them
 * one by one and has a short queue. So a server is missing only when it has
 * neither accepted, refused nor answered anything since the request came, or as
 * long before that as connecting may take; and of requests that come together
 * all but the first are held back until it is there. A single one is spared the
 * probe if its reply comes in half the time.
 */
export class ConnectProbes implements Disposable {
  /** By their origins, those that requests wait for. */
  readonly #servers = new Map<string, Server>();
  /** When the others were last there. */
  readonly #heardMs = new Map<string, number>();
  readonly #timers: TimerLists;
  readonly #guard: TargetGuard | undefined;

  constructor({ timers, guard }: ConnectProbesOptions) {
    this.#timers = timers;
    this.#guard = guard;
  }

  /** Watches a request that is about to be sent to `url`. */
  watch(url: URL, { timeoutMs, onMissing }: WatchOptions): Watch {
    const server = this.#servers.get(url.origin) ?? this.#add(url.origin);
    const sinceMs = performance.now() - timeoutMs;
    const isThere = () => server.heardMs >= sinceMs;
    const found = ++server.waiting === 1 || isThere()
      ? undefined
      : this.#probe(server, url);

    let cancel: (() => void) | undefined;
    cancel = this.#timers.after(timeoutMs / 2, () => {
      if (!isThere()) this.#probe(server, url);
      cancel = this.#timers.after(timeoutMs / 2, () => {
        if (!isThere()) onMissing();
      });
    });
    const end = () => {
      if (cancel === undefined) return;
      cancel();
      cancel = undefined;
      if (--server.waiting === 0) this.#remove(url.origin, server);
    };
    return {
      found,
      replied() {
        if (server.probe === undefined) server.heardMs = performance.now();
        else server.probe.hear();
        end();
      },
      end,
    };
  }

  [Symbol.dispose](): void {
    for (const [origin, server] of this.#servers) this.#remove(origin, server);
  }

  #add(origin: string): Server {
    const heardMs = this.#heardMs.get(origin) ?? -Infinity;
    this.#heardMs.delete(origin);
    const server = { waiting: 0, heardMs, probe: undefined };
    this.#servers.set(origin, server);
    return server;
  }

  #remove(origin: string, { probe, heardMs }: Server): void {
    this.#servers.delete(origin);
    probe?.socket.destroy();
    this.#heardMs.set(origin, heardMs);
    if (this.#heardMs.size <= maxRemembered) return;
    for (const oldest of this.#heardMs.keys()) {
      this.#heardMs.delete(oldest);
      break;
    }
  }

  /** Resolves once the server is there, at the latest when nothing waits for it any more. */
  #probe(server: Server, url: URL): Promise<void> {
    if (server.probe !== undefined) return server.probe.found;
    const { promise: found, resolve } = Promise.withResolvers<void>();
    // Unlike Deno.connect this goes on to a name's next address after a while.
    const socket = new Socket();
    const hear = () => {
      if (server.probe?.socket !== socket) return;
      server.heardMs = performance.now();
      server.probe = undefined;
      socket.destroy();
      resolve();
    };
    // A refusal is an answer, too: fetch hears the same and needs no help.
    for (const event of ["connect", "error", "close"]) socket.on(event, hear);
    server.probe = { socket, found, hear };
    const connect = (host: string) => {
      if (!socket.destroyed) socket.connect({ host, port: portOf(url) });
    };
    const host = hostOf(url);
    if (this.#guard?.isOn) {
      this.#guard.resolve(host).then(([address]) => connect(address), hear);
    } else connect(host);
    return found;
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
