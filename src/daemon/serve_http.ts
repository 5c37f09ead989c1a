import { getLogger } from "@logtape/logtape";
import type { Config } from "../config/load_config.ts";
import { removeStale } from "../net/listen_unix.ts";
import { runtimeGaps } from "../http/runtime_gaps.ts";
import type { HttpOptions, RunningHttp } from "../http/start_http.ts";

/**
 * Serves HTTP where the configuration asks for it; what it needs is loaded only then.
 * @throws {Error} one line, when it can't listen there
 */
export async function serveHttp(
  config: Config,
  parts: Omit<
    HttpOptions,
    "address" | "socket" | "hostNames" | "timeZone" | "limits"
  >,
): Promise<RunningHttp | undefined> {
  const { httpSocket: path, timeZone } = config;
  const address = httpAddressOf(config);
  if (address === undefined) return undefined;
  if (path !== undefined) await removeStale(path);
  const { startHttp } = await import("../http/start_http.ts");
  const http = await startHttp({
    ...parts,
    address,
    socket: path === undefined
      ? undefined
      : { path, mode: parseInt(config.socketMode, 8) },
    hostNames: () => [...config.httpHosts, address.hostname.toLowerCase()],
    timeZone,
    limits: {
      maxConnections: config.httpMaxConnections,
      maxHeadMs: config.httpHeadSeconds * 1000,
      maxIdleMs: config.httpIdleSeconds * 1000,
      get maxStuckMs() {
        return config.messageSeconds * 1000;
      },
      maxBodyBytes: config.httpBodyBytes,
    },
  });
  const warning = runtimeGaps(Deno.version.deno);
  if (warning !== undefined) logger.warn("{warning}", { warning });
  const { hostname } = address;
  logger.info("HTTP is served on {hostname}:{port}", {
    hostname,
    port: http.port,
  });
  return http;
}

/**
 * Where HTTP is served; undefined when it is not.
 * @throws {Error} one line, when only a unix socket is given
 */
export function httpAddressOf(
  { httpBind, httpSocket }: Config,
): Config["httpBind"] {
  if (httpBind === undefined && httpSocket !== undefined) {
    throw new Error("access.http_socket needs http_bind");
  }
  return httpBind;
}

const logger = getLogger(["forsun", "daemon"]);
