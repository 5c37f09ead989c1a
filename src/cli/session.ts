import { osReason } from "../core/os_reason.ts";
import { connectToDaemon, type DaemonConnection } from "../thrift/client.ts";
import type { ThriftClient } from "../thrift/generated.ts";
import type { Terminal } from "./terminal.ts";

/** Where the daemon is, and how its answers are to be shown. */
export interface SessionOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** A file of certificates (PEM) to trust besides the usual ones. */
  readonly caFile: string | undefined;
  /** Finds the token to show; undefined shows none. */
  readonly token: () => Promise<string | undefined>;
  /** How long the daemon may take to be connected to, and then for each answer. */
  readonly timeoutSeconds: number;
  /** Whether answers are printed as JSON. */
  readonly isJson: boolean;
  readonly showSecrets: boolean;
  readonly terminal: Terminal;
}

/** What commands run in: one connection, made when it is first needed. */
export class Session implements Disposable {
  readonly options: SessionOptions;
  #connection: Promise<DaemonConnection> | undefined;
  #interruption = new AbortController();

  constructor(options: SessionOptions) {
    this.options = options;
  }

  get terminal(): Terminal {
    return this.options.terminal;
  }

  /** Aborts at the next {@link interrupt}; later work needs to ask for it anew. */
  get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  /** The connection's client; connects anew when the connection has ended. */
  async connect(): Promise<ThriftClient> {
    this.#connection ??= this.#open();
    const connection = await this.#connection;
    if (!connection.isClosed) return connection.client;
    this.#connection = undefined;
    return await this.connect();
  }

  /** Ends what is under way: what waits for the daemon rejects. */
  interrupt(): void {
    this.#interruption.abort(new Error("interrupted"));
    this.#interruption = new AbortController();
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#connection?.then((ended) => ended[Symbol.dispose](), () => {});
    this.#connection = undefined;
  }

  async #open(): Promise<DaemonConnection> {
    try {
      return await unlessAborted(connect(this.options), this.signal);
    } catch (error) {
      this.#connection = undefined;
      throw error;
    }
  }
}

async function connect(options: SessionOptions): Promise<DaemonConnection> {
  const { host: hostname, port, tls, caFile, timeoutSeconds } = options;
  const caCerts = caFile === undefined ? [] : [await readCertificates(caFile)];
  return await connectToDaemon({
    hostname,
    port,
    timeoutMs: timeoutSeconds * 1000,
    token: await options.token(),
    ...tls ? { tls: { caCerts } } : {},
  });
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const reason = osReason(error);
    throw new Error(`Cannot read the certificates ${path}: ${reason}`, {
      cause: error,
    });
  }
}

/** A connection that comes too late to be wanted is ended. */
async function unlessAborted(
  connecting: Promise<DaemonConnection>,
  signal: AbortSignal,
): Promise<DaemonConnection> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => {
    aborted.reject(signal.reason);
    connecting.then((late) => late[Symbol.dispose](), () => {});
  };
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([connecting, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
