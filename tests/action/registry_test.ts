import { strictEqual } from "node:assert/strict";
import { builtInActions } from "../../src/action/registry.ts";

const pooled = { connectTimeoutMs: 1000, replyTimeoutMs: 1000, idleMs: 1000 };
const options = {
  shell: { cwd: "/tmp", timeoutMs: 1000, concurrency: 3 },
  http: {
    connectTimeoutMs: 1000,
    requestTimeoutMs: 1000,
    userAgent: "forsun",
    concurrency: 5,
    clock: { wallMs: () => 0 },
  },
  thrift: {
    connectTimeoutMs: 1000,
    replyTimeoutMs: 1000,
    idleMs: 1000,
    maxConnections: 70,
  },
  redis: { ...pooled, concurrency: 6, maxConnections: 2, bulkSize: 8 },
  beanstalk: { ...pooled, concurrency: 7 },
  mysql: { ...pooled, maxConnections: 9, user: "root", password: "" },
};

const valid = {
  shell: { cmd: "true" },
  http: { url: "http://a.example" },
  thrift: {},
  redis: { command: "PING" },
  beanstalk: { body: "{}" },
  mysql: { sql: "select 1" },
};

/** What an action says of its options. */
const concurrency = {
  shell: 3,
  http: 5,
  thrift: 70,
  redis: 6,
  beanstalk: 7,
  mysql: 9,
};

for (const [name, create] of Object.entries(builtInActions)) {
  Deno.test(`builtInActions makes action ${name} from its own options`, async () => {
    await using action = create(options);
    const key = name as keyof typeof builtInActions;
    strictEqual(action.concurrency, concurrency[key]);
    action.check(valid[key]);
  });
}
