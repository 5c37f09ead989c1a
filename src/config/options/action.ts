import {
  anyNumber,
  nameList,
  optionalText,
  path,
  someText,
  wholeNumber,
} from "../value_schemas.ts";
import { connections, seconds, someSeconds } from "./bounds.ts";
import type { IdleOption, Option } from "./option.ts";

/** Options of [action]: retries, limits, and the defaults of actions. */
export const actionOptions = {
  actions: {
    name: "action.actions",
    flag: "actions",
    value: "NAMES",
    isList: true,
    about: "actions that plans may use, such as http;redis; all when empty",
    schema: nameList,
    usual: "",
  },
  retryDelaySeconds: {
    name: "action.retry_delay_seconds",
    about: "what a retry waits for: delay + delay x rate x its number",
    schema: seconds,
    usual: "3",
    isReloadable: true,
  },
  retryDelayRate: {
    name: "action.retry_delay_rate",
    about: "see retry_delay_seconds",
    schema: anyNumber(0, 1000),
    usual: "1",
    isReloadable: true,
  },
  retryMaxCount: {
    name: "action.retry_max_count",
    about: "retries of an action that fails",
    schema: wholeNumber(0, 1000),
    usual: "3",
    isReloadable: true,
  },
  maxRunning: {
    name: "action.max_running",
    about: "actions that run at a time, all in all",
    schema: connections,
    usual: "4096",
    isReloadable: true,
  },
  maxQueued: {
    name: "action.max_queued",
    about: "due plans that may wait for their turn in memory",
    schema: wholeNumber(1, 10_000_000),
    usual: "100000",
    isReloadable: true,
  },
  connectTimeout: {
    name: "action.connect_timeout",
    about: "seconds to connect to a server in, for all actions but http",
    schema: someSeconds,
    usual: "5",
  },
  replyTimeout: {
    name: "action.reply_timeout",
    about: "seconds that a server has for its reply, for all actions but http",
    schema: someSeconds,
    usual: "30",
  },
  pollIdleSeconds: {
    name: "action.poll_idle_seconds",
    about: "seconds after which an unused connection to a server is closed",
    schema: someSeconds,
    usual: "120",
  },
  shellCwd: {
    name: "action.shell_cwd",
    about: "working directory of shell commands",
    schema: path,
    usual: "/tmp",
  },
  shellTimeout: {
    name: "action.shell_timeout",
    about: "seconds after which a shell command is killed",
    schema: anyNumber(0.001, 604_800),
    usual: "3600",
  },
  shellMaxProcesses: {
    name: "action.shell_max_processes",
    about: "shell commands that run at a time",
    schema: connections,
    usual: "64",
    isReloadable: true,
  },
  httpMaxClients: {
    name: "action.http_max_clients",
    about: "requests under way to one server",
    schema: connections,
    usual: "64",
    isReloadable: true,
  },
  httpConnectTimeout: {
    name: "action.http_connect_timeout",
    about: "seconds to connect in",
    schema: someSeconds,
    usual: "5",
  },
  httpRequestTimeout: {
    name: "action.http_request_timeout",
    about: "seconds for a whole request",
    schema: someSeconds,
    usual: "120",
  },
  httpUserAgent: {
    name: "action.http_user_agent",
    about: "User-Agent of requests; forsun and its version when empty",
    schema: optionalText,
    usual: "",
  },
  thriftMaxConnections: {
    name: "action.thrift_max_connections",
    about: "connections to one Thrift receiver, where its plans don't say it",
    schema: wholeNumber(1, 1000),
    usual: "64",
  },
  redisMaxConnections: {
    name: "action.redis_max_connections",
    about: "connections to one database, where plans don't say",
    schema: connections,
    usual: "8",
  },
  redisClientTimeout: {
    name: "action.redis_client_timeout",
    about: "as poll_idle_seconds, for redis alone; 0 leaves it to that",
    schema: seconds,
    usual: "0",
  },
  redisBulkSize: {
    name: "action.redis_bulk_size",
    about: "plans whose commands go in one pipeline, at most",
    schema: wholeNumber(1, 100_000),
    usual: "512",
  },
  mysqlUser: {
    name: "action.mysql_user",
    about: "user of SQL databases, where plans don't say",
    schema: someText,
    usual: "root",
  },
  mysqlPasswd: {
    name: "action.mysql_passwd",
    about: "password of SQL databases, where plans don't say",
    schema: optionalText,
    usual: "",
    isSecret: true,
  },
  mysqlMaxConnections: {
    name: "action.mysql_max_connections",
    about: "connections to one SQL database, where plans don't say",
    schema: wholeNumber(1, 1000),
    usual: "8",
  },
  mysqlWaitConnectionTimeout: {
    name: "action.mysql_wait_connection_timeout",
    about: "as connect_timeout, for mysql alone; the shorter one counts",
    schema: someSeconds,
    usual: "7200",
  },
  mysqlIdleSeconds: {
    name: "action.mysql_idle_seconds",
    about: "as poll_idle_seconds, for mysql alone",
    schema: someSeconds,
    usual: "120",
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Keys of the first daemon that have no meaning here. */
export const idleActionOptions: readonly IdleOption[] = [];
