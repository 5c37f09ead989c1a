import { within } from "../core/within.ts";
import { openSocket } from "./message_socket.ts";

/** Where a daemon is, and how it is to be spoken to. */
export interface DaemonPlace {
  /** A host, or `unix:` and the path of a socket, for which the port doesn't count. */
  readonly hostname: string;
  readonly port: number;
  /** Speaks TLS, and trusts these certificates (PEM) besides the usual ones. */
  readonly tls?: { readonly caCerts: readonly string[] };
}

/** The place as messages name it. */
export function describePlace({ hostname, port }: DaemonPlace): string {
  return socketPath(hostname) === undefined ? `${hostname}:${port}` : hostname;
}

/** Connects to a daemon; rejects with an error whose message is the reason alone. */
export async function openDaemonSocket(
  { hostname, port, tls }: DaemonPlace,
  timeoutMs: number,
): Promise<Deno.Conn> {
  const path = socketPath(hostname);
  if (path !== undefined) {
    return await Deno.connect({ transport: "unix", path });
  }
  if (tls === undefined) return await openSocket({ hostname, port, timeoutMs });
  const connecting = openSocket({ hostname, port, timeoutMs })
    .then((socket) => shakeHands(socket, { hostname, ...tls }));
  const socket = await within(timeoutMs, connecting);
  if (socket !== undefined) return socket;
  connecting.then((late) => late.close(), () => {});
  throw new Error(`no connection within ${timeoutMs / 1000} s`);
}

async function shakeHands(
  plain: Deno.TcpConn,
  { hostname, caCerts }: {
    readonly hostname: string;
    readonly caCerts: readonly string[];
  },
): Promise<Deno.Conn> {
  const socket = await Deno.startTls(plain, {
    hostname,
    caCerts: [...caCerts],
  });
  try {
    await socket.handshake();
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function socketPath(hostname: string): string | undefined {
  return /^unix:(?:\/\/)?(.+)$/.exec(hostname)?.[1];
}
