import type * as v from "valibot";
import {
  address,
  anyNumber,
  flag,
  oneOf,
  optionalPath,
  optionalText,
  path,
  someText,
  timeZone,
  wholeNumber,
} from "./value_schemas.ts";

/** A configuration option: where it is read from, and what it may be. */
export interface Option<Value = unknown> {
  /** In the file; a section before the dot. In the environment in capitals, with `_` for the dot. */
  readonly name: string;
  /** Other names in the environment. */
  readonly variables?: readonly string[];
  /** On the command line, without dashes; undefined when it has no flag. */
  readonly flag?: string;
  /** What the flag's value is called in the help; undefined for a flag that takes none. */
  readonly value?: string;
  /** Whether the flag may come several times; its values are then joined by `;`. */
  readonly isList?: boolean;
  readonly about: string;
  readonly schema: v.GenericSchema<string, Value>;
  /** As text, like all other sources. */
  readonly usual: string;
  /** Never shown. */
  readonly isSecret?: boolean;
}

const port = wholeNumber(0, 65_535);
const seconds = anyNumber(0, 31_536_000);
const someSeconds = anyNumber(0.001, 86_400);
const connections = wholeNumber(1, 100_000);

/** All options that have a meaning, under the names that the program knows them by. */
export const options = {
  port: {
    name: "port",
    flag: "port",
    value: "N",
    about: "port of the Thrift interface",
    schema: port,
    usual: "6458",
  },
  bindAddress: {
    name: "bind_address",
    flag: "bind",
    value: "HOST",
    about: "address to listen on",
    schema: someText,
    usual: "127.0.0.1",
  },
  httpBind: {
    name: "http_bind",
    flag: "http",
    value: "HOST:PORT",
    about: "serve HTTP there",
    schema: address,
    usual: "",
  },
  serverMode: {
    name: "server_mode",
    about: "TIMER fires plans and serves, AGENT only serves",
    schema: oneOf(["TIMER", "AGENT"]),
    usual: "TIMER",
  },
  timeZone: {
    name: "timezone",
    flag: "timezone",
    value: "ZONE",
    about: "IANA time zone of calendar plans; the system's when empty",
    schema: timeZone,
    usual: "",
  },
  maxConnections: {
    name: "max_connections",
    about: "Thrift connections at a time",
    schema: connections,
    usual: "10000",
  },
  idleSeconds: {
    name: "idle_seconds",
    about: "an idle Thrift connection is closed after so long",
    schema: someSeconds,
    usual: "7200",
  },
  messageSeconds: {
    name: "message_seconds",
    about: "a client may take so long to send a request or take a reply",
    schema: someSeconds,
    usual: "30",
  },
  shutdownSeconds: {
    name: "shutdown_seconds",
    about: "running actions get so long to end when the daemon stops",
    schema: seconds,
    usual: "8",
  },
  logFile: {
    name: "log_file",
    flag: "log",
    value: "FILE",
    about: "log file, - is stderr",
    schema: path,
    usual: "-",
  },
  logLevel: {
    name: "log_level",
    flag: "log-level",
    value: "LEVEL",
    about: "DEBUG, INFO, WARNING or ERROR",
    schema: oneOf(["DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL"]),
    usual: "INFO",
  },
  pidFile: {
    name: "pid_file",
    flag: "pid-file",
    value: "FILE",
    about: "the process id is written there",
    schema: optionalPath,
    usual: "",
  },
  driver: {
    name: "store.driver",
    flag: "driver",
    value: "NAME",
    about: "where plans live: mem",
    schema: oneOf(["mem"]),
    usual: "mem",
  },
  statusExpirySeconds: {
    name: "store.status_expried",
    about: "seconds for which a plan that is over can be looked at",
    schema: wholeNumber(0, 31_536_000),
    usual: "0",
  },
  memStoreFile: {
    name: "store.mem_store_file",
    flag: "driver-mem-store-file",
    value: "FILE",
    about: "plans are kept in the folder FILE.d",
    schema: path,
    usual: "~/.forsun.dump",
  },
  memFsync: {
    name: "store.mem_fsync",
    flag: "mem-fsync",
    value: "WHEN",
    about: "when the journal is forced to disk: always, everysec or no",
    schema: oneOf(["always", "everysec", "no"]),
    usual: "always",
  },
  strictRecovery: {
    name: "store.strict_recovery",
    flag: "strict-recovery",
    about: "refuse to start on a damaged journal",
    schema: flag,
    usual: "false",
  },
  retryDelaySeconds: {
    name: "action.retry_delay_seconds",
    about: "what a retry waits for: delay + delay x rate x its number",
    schema: seconds,
    usual: "3",
  },
  retryDelayRate: {
    name: "action.retry_delay_rate",
    about: "see retry_delay_seconds",
    schema: anyNumber(0, 1000),
    usual: "1",
  },
  retryMaxCount: {
    name: "action.retry_max_count",
    about: "retries of an action that fails",
    schema: wholeNumber(0, 1000),
    usual: "3",
  },
  maxRunning: {
    name: "action.max_running",
    about: "actions that run at a time, all in all",
    schema: connections,
    usual: "1024",
  },
  maxQueued: {
    name: "action.max_queued",
    about: "due plans that may wait for their turn in memory",
    schema: wholeNumber(1, 10_000_000),
    usual: "100000",
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
  },
  httpMaxClients: {
    name: "action.http_max_clients",
    about: "requests under way to one server",
    schema: connections,
    usual: "64",
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
} as const satisfies Readonly<Record<string, Option>>;

type IdleOption = Pick<
  Option,
  "name" | "variables" | "flag" | "value" | "isList"
>;

/** Options that are accepted, with a warning that they have no effect. */
export const idleOptions: readonly IdleOption[] = [
  { name: "log_format" },
  { name: "log_rotate" },
  { name: "log_backup_count" },
  { name: "store.mem_time_rate" },
  { name: "store.redis_host", flag: "driver-redis-host", value: "HOST" },
  { name: "store.redis_port", flag: "driver-redis-port", value: "N" },
  { name: "store.redis_db", flag: "driver-redis-db", value: "N" },
  {
    name: "store.redis_password",
    flag: "driver-redis-password",
    value: "TEXT",
  },
  { name: "store.redis_prefix", flag: "driver-redis-prefix", value: "TEXT" },
  { name: "store.redis_server_id", flag: "driver-redis-server-id", value: "N" },
  { name: "store.redis_max_connections" },
  { name: "store.redis_client_timeout" },
  { name: "store.redis_bulk_size" },
  { name: "store.redis_currenttime_expried" },
  { name: "store.redis_plan_expried" },
  { name: "store.redis_plantime_expried" },
  { name: "action.poll_idle_seconds" },
  { name: "action.redis_max_connections" },
  { name: "action.redis_client_timeout" },
  { name: "action.redis_bulk_size" },
  { name: "action.thrift_max_connections" },
  { name: "action.mysql_user" },
  { name: "action.mysql_passwd" },
  { name: "action.mysql_max_connections" },
  { name: "action.mysql_wait_connection_timeout" },
  { name: "action.mysql_idle_seconds" },
  { name: "extension.path", flag: "extension-path", value: "DIR" },
  {
    name: "extension.extensions",
    variables: ["EXTENSIONS"],
    flag: "extension",
    value: "NAME",
    isList: true,
  },
];
