import type { Config } from "../config/load_config.ts";
import { descriptorLimit, maxSocketsOf } from "../thrift/descriptor_limit.ts";
import { ThriftServer, type ThriftServerParts } from "../thrift/server.ts";

/** The Thrift server within the limits of the configuration, and of the process. */
export async function createThriftServer(
  config: Config,
  parts: Omit<ThriftServerParts, "limits">,
): Promise<ThriftServer> {
  const maxSockets = maxSocketsOf(await descriptorLimit());
  return new ThriftServer({
    ...parts,
    limits: {
      get maxConnections() {
        return config.maxConnections;
      },
      get maxSockets() {
        return Math.min(2 * config.maxConnections, maxSockets);
      },
      maxUnfinishedBytes,
      get maxIdleMs() {
        return config.idleSeconds * 1000;
      },
      get maxStuckMs() {
        return config.messageSeconds * 1000;
      },
    },
  });
}

const maxUnfinishedBytes = 256 * 1024 * 1024;
