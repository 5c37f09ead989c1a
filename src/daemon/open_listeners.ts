import type { Config } from "../config/load_config.ts";
import type { Clock } from "../core/time.ts";
import { listenUnix } from "../net/listen_unix.ts";
import { type PemFiles, readPemPair, watchPemPair } from "../net/pem_pair.ts";
import { TlsListener } from "../net/tls_listener.ts";
import type { TlsSource } from "../http/start_http.ts";
import type { Acceptor } from "../thrift/server.ts";
import { cannotListen } from "./check_addresses.ts";

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
  const files = pemFilesOf(config);
  if (files === undefined) {
    const tcp = naming(config, () => Deno.listen({ hostname, port }));
    const unix = await listenToo(tcp, socket, parseInt(socketMode, 8));
    return { all: [tcp, ...unix], address: tcp.addr, tls: undefined };
  }
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

/**
 * The files of the certificate; undefined without TLS.
 * @throws {Error} one line, when there is one of two
 */
export function pemFilesOf(
  { tlsCert: certFile, tlsKey: keyFile }: Config,
): PemFiles | undefined {
  if (certFile !== undefined && keyFile !== undefined) {
    return { certFile, keyFile };
  }
  if (certFile === keyFile) return undefined;
  throw new Error("access.tls_cert and access.tls_key go together");
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
  { bindAddress: hostname, port }: Config,
  listen: () => Listener,
): Listener {
  try {
    return listen();
  } catch (error) {
    throw cannotListen({ hostname, port }, error);
  }
}
