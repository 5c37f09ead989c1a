import type { Config } from "../config/load_config.ts";
import { descriptorLimit, mostSocketsOf } from "../thrift/descriptor_limit.ts";
import { ThriftServer, type ThriftServerParts } from "../thrift/server.ts";

/** The Thrift server within the limits of the configuration, and of the process. */
export async function createThriftServer(
  config: Config,
  parts: Omit<ThriftServerParts, "limits">,
): Promise<ThriftServer> {
  const mostSockets = mostSocketsOf(await descriptorLimit());
  return new ThriftServer({
    ...parts,
    limits: {
      get mostConnections() {
        return config.maxConnections;
      },
      get mostSockets() {
        return Math.min(2 * config.maxConnections, mostSockets);
      },
      mostUnfinishedBytes,
      get longestIdleMs() {
        return config.idleSeconds * 1000;
      },
      get longestStuckMs() {
        return config.messageSeconds * 1000;
      },
    },
  });
}

const mostUnfinishedBytes = 256 * 1024 * 1024;
