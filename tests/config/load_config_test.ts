import assert from "node:assert/strict";
import { homedir } from "node:os";
import { loadConfig, type LoadedConfig } from "../../src/config/load_config.ts";

interface Sources {
  readonly flags?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly file?: string;
}

function load({ flags = {}, environment = {}, file }: Sources): LoadedConfig {
  return loadConfig({
    flags: new Map(Object.entries(flags)),
    environment: (name) => environment[name],
    file: file === undefined ? undefined : { path: "f.conf", text: file },
  });
}

Deno.test("loadConfig() has the defaults that are documented", () => {
  const { config, origins, warnings } = load({});
  const documented = {
    port: 6458,
    bindAddress: "127.0.0.1",
    httpBind: undefined,
    serverMode: "TIMER",
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    maxConnections: 10_000,
    idleSeconds: 7200,
    messageSeconds: 30,
    shutdownSeconds: 8,
    logFile: "-",
    logLevel: "INFO",
    logFormat: "text",
    logRotate: { kind: "day" },
    logBackupCount: 64,
    pidFile: undefined,
    driver: "mem",
    statusExpirySeconds: 0,
    memStoreFile: `${homedir()}/.forsun.dump`,
    memFsync: "always",
    strictRecovery: false,
    retryDelaySeconds: 3,
    retryDelayRate: 1,
    retryMaxCount: 3,
    maxRunning: 4096,
    maxQueued: 100_000,
    shellCwd: "/tmp",
    shellTimeout: 3600,
    shellMaxProcesses: 64,
    httpMaxClients: 64,
    httpConnectTimeout: 5,
    httpRequestTimeout: 120,
    httpUserAgent: undefined,
  };
  assert.deepEqual({ ...config, ...documented }, config);
  assert.deepEqual([...new Set(Object.values(origins))], ["default"]);
  assert.deepEqual(warnings, []);
});

Deno.test("loadConfig() puts flags over the environment over the file over defaults", () => {
  const file = "port=1\n[store]\nmem_fsync=no\nstatus_expried=5";
  const environment = { PORT: "2", STORE_MEM_FSYNC: "everysec" };
  const flags = { port: "3" };
  const steps: readonly (readonly [Sources, number, string, string, string])[] =
    [
      [{}, 6458, "default", "always", "default"],
      [{ file }, 1, "f.conf line 1", "no", "f.conf line 3"],
      [
        { file, environment },
        2,
        "environment PORT",
        "everysec",
        "environment STORE_MEM_FSYNC",
      ],
      [
        { file, environment, flags },
        3,
        "--port",
        "everysec",
        "environment STORE_MEM_FSYNC",
      ],
    ];
  for (const [sources, ...expected] of steps) {
    const { config, origins } = load(sources);
    assert.deepEqual(
      [config.port, origins.port, config.memFsync, origins.memFsync],
      expected,
    );
  }
  assert.equal(load({ file, flags }).config.statusExpirySeconds, 5);
});

Deno.test("loadConfig() takes what is empty in the environment and the file as not given", () => {
  const file = "port=\nhttp_bind=\nlog_file\n[store]\nredis_password=";
  const environment = { PORT: "", LOG_LEVEL: "", STORE_REDIS_HOST: "" };
  const { config, origins, warnings } = load({ file, environment });
  assert.equal(config.port, 6458);
  assert.equal(origins.port, "default");
  assert.equal(config.logFile, "-");
  assert.equal(config.logLevel, "INFO");
  assert.deepEqual(warnings, []);
  assert.equal(load({ file: "port=7", environment }).config.port, 7);
});

Deno.test("loadConfig() lets an empty flag undo what the file says", () => {
  const file = "http_bind=0.0.0.0:9000";
  const { config } = load({ file, flags: { http: "" } });
  assert.equal(config.httpBind, undefined);
  assert.throws(() => load({ flags: { log: "" } }), {
    message: 'log_file (--log) must not be empty, got ""',
  });
});

Deno.test("loadConfig() reads only the environment variables that are documented", () => {
  const asked: string[] = [];
  loadConfig({
    flags: new Map(),
    environment: (name) => void asked.push(name),
    file: undefined,
  });
  const names =
    /^(STORE_\w+|ACTION_\w+|ACCESS_\w+|LIMITS_\w+|FORSUN_TOKENS|EXTENSION_\w+|EXTENSIONS|PORT|BIND_ADDRESS|HTTP_(BIND|MAX_CONNECTIONS|HEAD_SECONDS|IDLE_SECONDS|BODY_BYTES)|SERVER_MODE|TIMEZONE|MAX_CONNECTIONS|IDLE_SECONDS|MESSAGE_SECONDS|SHUTDOWN_SECONDS|LOG_(FILE|LEVEL|FORMAT|ROTATE|BACKUP_COUNT)|PID_FILE)$/;
  assert.deepEqual(asked.filter((name) => !names.test(name)), []);
  for (const name of ["PORT", "STORE_REDIS_HOST", "ACTION_RETRY_MAX_COUNT"]) {
    assert(asked.includes(name), name);
  }
});

Deno.test("loadConfig() refuses a bad value and says where it was given", () => {
  const cases: readonly (readonly [Sources, string])[] = [
    [
      { flags: { port: "x" } },
      'port (--port) must be a whole number from 0 to 65535, got "x"',
    ],
    [
      { environment: { ACTION_RETRY_MAX_COUNT: "-1" } },
      'action.retry_max_count (environment ACTION_RETRY_MAX_COUNT) must be a whole number from 0 to 1000, got "-1"',
    ],
    [
      { file: "[store]\n\nmem_fsync = sometimes" },
      'store.mem_fsync (f.conf line 3) must be always, everysec or no, got "sometimes"',
    ],
    [
      { file: "timezone = Mars/Base" },
      'timezone (f.conf line 1) must be a time zone such as Europe/Berlin, got "Mars/Base"',
    ],
    [
      { file: 'log_file = "/var/log/forsun.log"' },
      'log_file (f.conf line 1) must not be in quotes, got "\\"/var/log/forsun.log\\""',
    ],
    [
      { file: "[action]\nshell_cwd = /tmp # scratch" },
      'action.shell_cwd (f.conf line 2) must not have a comment behind it, got "/tmp # scratch"',
    ],
    [
      { file: "port = 6458 # the usual" },
      'port (f.conf line 1) must be a whole number from 0 to 65535, got "6458 # the usual"',
    ],
    [
      { file: "prot=1" },
      'f.conf line 1 has an unknown key, "prot", did you mean "port"?',
    ],
  ];
  for (const [sources, message] of cases) {
    assert.throws(() => load(sources), { message });
  }
});

Deno.test("loadConfig() looks at a value only where it counts", () => {
  const file = "port = 70000";
  assert.equal(load({ file, flags: { port: "7" } }).config.port, 7);
});

Deno.test("loadConfig() warns of what has no effect", () => {
  const { warnings } = load({
    environment: { STORE_REDIS_PLANTIME_EXPRIED: "9" },
    file: "log_format = %m\n[store]\nmem_time_rate = 1",
  });
  assert.deepEqual(warnings, [
    "log_format (f.conf line 1) is a format of the first daemon's, text is used instead",
    "store.mem_time_rate (f.conf line 3) has no effect: plans are on disk before they are acknowledged",
    "store.redis_plantime_expried (environment STORE_REDIS_PLANTIME_EXPRIED) has no effect",
  ]);
});

Deno.test("loadConfig() never tells a password", () => {
  const { origins, warnings } = load({
    flags: { "driver-redis-password": "hunter2" },
    environment: { STORE_REDIS_PASSWORD: "hunter2" },
    file: "[action]\nmysql_passwd = 'hunter2' # hunter2",
  });
  assert.doesNotMatch(JSON.stringify([origins, warnings]), /hunter2/);
  for (const file of ["mysql_passwd hunter2", "[action]\npasswd hunter2=1"]) {
    assert.throws(
      () => load({ file }),
      ({ message }: Error) => !message.includes("hunter2"),
    );
  }
});

Deno.test("loadConfig() takes a file with every key of the first daemon", () => {
  const text = `
port=6458
bind_address=127.0.0.1
http_bind=
server_mode=TIMER
log_file=/var/log/forsun.log
log_level=INFO
log_format=
log_rotate=DAY
log_backup_count=64

[store]
driver=mem
status_expried = 0
mem_store_file=/tmp/forsun.session
mem_time_rate=1
redis_host=127.0.0.1
redis_port=6379
redis_db=0
redis_password=
redis_prefix=forsun
redis_server_id=0
redis_max_connections=8
redis_client_timeout=7200
redis_bulk_size=5
redis_currenttime_expried=2592000
redis_plan_expried=604800
redis_plantime_expried=604800

[action]
retry_delay_seconds=3
retry_delay_rate=1
retry_max_count=3
poll_idle_seconds=120
shell_cwd=/tmp
http_max_clients=64
http_connect_timeout=5
http_request_timeout=120
http_user_agent=
redis_max_connections=8
redis_client_timeout=7200
redis_bulk_size=5
thrift_max_connections=64
mysql_user=root
mysql_passwd=
mysql_max_connections=8
mysql_wait_connection_timeout=7200
mysql_idle_seconds=120

[extension]
path=
extensions=a;b
`;
  const { config, origins } = load({ file: text });
  assert.equal(config.logFile, "/var/log/forsun.log");
  assert.equal(config.memStoreFile, "/tmp/forsun.session");
  assert.equal(origins.shellCwd, "f.conf line 35");
});
