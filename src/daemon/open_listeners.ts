import type { Config } from "../config/load_config.ts";
import type { Clock } from "../core/time.ts";
import { listenUnix } from "../net/listen_unix.ts";
import { readPemPair, watchPemPair } from "../net/pem_pair.ts";
import { TlsListener } from "../net/tls_listener.ts";
import type { TlsSource } from "../http/start_http.ts";
import type { Acceptor } from "../thrift/server.ts";

/** Where the Thrift interface is served, and with what HTTP is. */
export interface Listeners {
  readonly all: readonly Acceptor[];
  readonly address: Deno.NetAddr;
  /** For HTTP; undefined without TLS. */
  readonly tls: TlsSource | undefined;
}

/**
 * Listens as the configuration says: TCP, with TLS where there is a certificate,
 * and a unix socket.
 * @throws {Error} one line, when it can't
 */
export async function openListeners(
  config: Config,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly reloads: Set<() => Promise<void>> | undefined;
  },
): Promise<Listeners> {
  const { bindAddress: hostname, port, socket, socketMode } = config;
  const { tlsCert: certFile, tlsKey: keyFile } = config;
  if (certFile === undefined || keyFile === undefined) {
    if (certFile !== keyFile) {
      throw new Error("access.tls_cert and access.tls_key go together");
    }
    const tcp = naming(config, () => Deno.listen({ hostname, port }));
    const unix = await listenToo(tcp, socket, parseInt(socketMode, 8));
    return { all: [tcp, ...unix], address: tcp.addr, tls: undefined };
  }
  const files = { certFile, keyFile };
  const pair = await readPemPair(files);
  const tcp = naming(config, () => new TlsListener({ hostname, port, pair }));
  const unix = await listenToo(tcp, socket, parseInt(socketMode, 8));
  const renewals = new Set([(next: typeof pair) => tcp.renew(next)]);
  watchPemPair(files, pair, {
    ...options,
    onChange: async (next) => {
      for (const renew of renewals) await renew(next);
    },
  });
  const tls = {
    pair,
    onRenewal: (renew: (next: typeof pair) => void) => {
      renewals.add((next) => Promise.resolve(renew(next)));
    },
  };
  return { all: [tcp, ...unix], address: tcp.addr, tls };
}

async function listenToo(
  first: Acceptor,
  path: string | undefined,
  mode: number,
): Promise<readonly Acceptor[]> {
  if (path === undefined) return [];
  try {
    return [await listenUnix(path, mode)];
  } catch (error) {
    first.close();
    throw error;
  }
}

function naming<Listener>(
  { bindAddress, port }: Config,
  listen: () => Listener,
): Listener {
  try {
    return listen();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot listen on ${bindAddress}:${port}: ${reason}`, {
      cause: error,
    });
  }
}
