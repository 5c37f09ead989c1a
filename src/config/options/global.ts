import {
  address,
  isPythonFormat,
  logFormat,
  optionalPath,
  path,
  rotation,
  someText,
  timeZone,
  wholeNumber,
} from "../value_schemas.ts";
import { oneOf } from "../word_schemas.ts";
import { connections, port, seconds, someSeconds } from "./bounds.ts";
import type { IdleOption, Option } from "./option.ts";

/** Options before all sections: where the daemon listens, its limits, its log. */
export const globalOptions = {
  port: {
    name: "port",
    flag: "port",
    value: "N",
    about: "port of the Thrift interface",
    schema: port,
    default: "6458",
  },
  bindAddress: {
    name: "bind_address",
    flag: "bind",
    value: "HOST",
    about: "address to listen on",
    schema: someText,
    default: "127.0.0.1",
  },
  httpBind: {
    name: "http_bind",
    flag: "http",
    value: "HOST:PORT",
    about: "serve HTTP there",
    schema: address,
    default: "",
  },
  httpMaxConnections: {
    name: "http_max_connections",
    about: "HTTP connections at a time",
    schema: connections,
    default: "1000",
  },
  httpHeadSeconds: {
    name: "http_head_seconds",
    about: "a client may take so long for the head of an HTTP request",
    schema: someSeconds,
    default: "10",
  },
  httpIdleSeconds: {
    name: "http_idle_seconds",
    about: "an idle HTTP connection is closed after so long",
    schema: someSeconds,
    default: "75",
  },
  httpBodyBytes: {
    name: "http_body_bytes",
    about: "the longest body of an HTTP request, streams aside",
    schema: wholeNumber(1024, 268_435_456),
    default: "4194304",
  },
  serverMode: {
    name: "server_mode",
    about: "TIMER fires plans and serves, AGENT only serves",
    schema: oneOf(["TIMER", "AGENT"]),
    default: "TIMER",
  },
  timeZone: {
    name: "timezone",
    flag: "timezone",
    value: "ZONE",
    about: "IANA time zone of calendar plans; the system's when empty",
    schema: timeZone,
    default: "",
  },
  maxConnections: {
    name: "max_connections",
    about: "Thrift connections at a time",
    schema: connections,
    default: "10000",
    isReloadable: true,
  },
  idleSeconds: {
    name: "idle_seconds",
    about: "an idle Thrift connection is closed after so long",
    schema: someSeconds,
    default: "7200",
    isReloadable: true,
  },
  messageSeconds: {
    name: "message_seconds",
    about: "a client may take so long to send a request or take a reply",
    schema: someSeconds,
    default: "30",
    isReloadable: true,
  },
  shutdownSeconds: {
    name: "shutdown_seconds",
    about: "running actions get so long to end when the daemon stops",
    schema: seconds,
    default: "8",
  },
  logFile: {
    name: "log_file",
    flag: "log",
    value: "FILE",
    about: "log file, - is stderr",
    schema: path,
    default: "-",
  },
  logLevel: {
    name: "log_level",
    flag: "log-level",
    value: "LEVEL",
    about: "DEBUG, INFO, WARNING or ERROR",
    schema: oneOf(["DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL"]),
    default: "INFO",
    isReloadable: true,
  },
  logFormat: {
    name: "log_format",
    flag: "log-format",
    value: "FORMAT",
    about: "lines of text, or of JSON",
    schema: logFormat,
    default: "text",
    isReloadable: true,
    objection: (value) =>
      isPythonFormat(value)
        ? "is a format of the first daemon's, text is used instead"
        : undefined,
  },
  logRotate: {
    name: "log_rotate",
    about: "when the log file is put aside",
    schema: rotation,
    default: "DAY",
    isReloadable: true,
  },
  logBackupCount: {
    name: "log_backup_count",
    about: "how many log files that were put aside are kept",
    schema: wholeNumber(0, 100_000),
    default: "64",
    isReloadable: true,
  },
  pidFile: {
    name: "pid_file",
    flag: "pid-file",
    value: "FILE",
    about: "the process id is written there",
    schema: optionalPath,
    default: "",
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Keys of the first daemon that have no meaning here. */
export const idleGlobalOptions: readonly IdleOption[] = [];
