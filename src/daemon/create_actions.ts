import type { Action } from "../action/action.ts";
import { openSigningKeys } from "../action/open_signing_keys.ts";
import { builtInActions } from "../action/registry.ts";
import { TargetGuard } from "../action/target_guard.ts";
import { withGuardedHost } from "../action/with_guarded_host.ts";
import type { Config } from "../config/load_config.ts";
import type { Clock } from "../core/time.ts";
import { version } from "../version.ts";

/** The built-in actions as the configuration has them; values that can be reloaded may change. */
export async function createActions(
  config: Config,
  { clock, reloads }: {
    readonly clock: Clock;
    readonly reloads: Set<() => Promise<void>> | undefined;
  },
): Promise<ReadonlyMap<string, Action>> {
  const guard = new TargetGuard(config.forbidTargets);
  const signingKeys = await openSigningKeys(config, reloads);
  const within = (seconds: number) => 1000 * maxSeconds(seconds, config);
  const servers = {
    connectTimeoutMs: within(config.connectTimeout),
    replyTimeoutMs: within(config.replyTimeout),
    idleMs: config.pollIdleSeconds * 1000,
  };
  // Calls share a connection and cost next to nothing.
  const pipelined = { ...servers, concurrency: 256 };
  const options = {
    shell: {
      cwd: config.shellCwd,
      commands: config.shellCommands,
      timeoutMs: within(config.shellTimeout),
      get concurrency() {
        return config.shellMaxProcesses;
      },
    },
    http: {
      connectTimeoutMs: within(config.httpConnectTimeout),
      requestTimeoutMs: within(config.httpRequestTimeout),
      userAgent: config.httpUserAgent ?? `forsun/${version}`,
      get concurrency() {
        return config.httpMaxClients;
      },
      clock,
      get signingKeys() {
        return signingKeys();
      },
      guard,
    },
    thrift: {
      ...servers,
      maxConnections: config.thriftMaxConnections,
    },
    redis: {
      ...pipelined,
      maxConnections: config.redisMaxConnections,
      bulkSize: config.redisBulkSize,
      idleMs: config.redisClientTimeout * 1000 || servers.idleMs,
    },
    beanstalk: pipelined,
    mysql: {
      ...servers,
      connectTimeoutMs: within(
        Math.min(config.connectTimeout, config.mysqlWaitConnectionTimeout),
      ),
      idleMs: config.mysqlIdleSeconds * 1000,
      maxConnections: config.mysqlMaxConnections,
      user: config.mysqlUser,
      password: config.mysqlPasswd ?? "",
    },
  };
  return new Map(
    Object.entries(builtInActions).map(([name, create]) => {
      const action = create(options);
      const hasHost = name !== "shell" && name !== "http";
      return [name, hasHost ? withGuardedHost(action, guard) : action];
    }),
  );
}

/** What a plan has that names no timeout: the usual one, but not more than a plan may name. */
function maxSeconds(usual: number, { limitTimeout }: Config): number {
  return limitTimeout === 0 ? usual : Math.min(usual, limitTimeout);
}
