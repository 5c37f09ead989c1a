import assert from "node:assert/strict";
import { join } from "node:path";
import { maxSegmentBytes } from "../../src/store/memory/segment_log.ts";
import { CallbackServer } from "../support/callback_server.ts";
import {
  type DaemonProcess,
  programCommand,
  startDaemon,
} from "../support/daemon_process.ts";
import {
  canFailDisks,
  type DiskFaults,
  errno,
  startDiskFaults,
} from "../support/disk_faults.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";

const canFail = await canFailDisks();
const { EIO, EROFS } = errno;

/** A test whose daemons' disk is at its mercy. */
function testFaults(
  name: string,
  fn: (parts: {
    readonly faults: DiskFaults;
    readonly folder: string;
  }) => Promise<void>,
): void {
  const skipped = canFail ? "" : " (skipped: gcc is not installed)";
  Deno.test({
    name: `${name}${skipped}`,
    ignore: !canFail,
    async fn() {
      await using folder = await tempFolder();
      await using faults = await startDiskFaults();
      await fn({ faults, folder: folder.path });
    },
  });
}

type Client = Awaited<ReturnType<DaemonProcess["connect"]>>["client"];

function createFar(client: Client, key: string) {
  const params = { cmd: "true" };
  return client.createTimeout(
    ...[key, 0, 0, 0, 9, 0, -1, 1, "shell", params] as const,
  );
}

/** Creates a plan, trying again while it is refused, but not for ever. */
async function createEventually(client: Client, key: string): Promise<void> {
  await eventually(() => createFar(client, key).then(() => true, () => false));
}

const journalFaults: readonly {
  readonly name: string;
  readonly rules: readonly string[];
  readonly reason: string;
}[] = [
  {
    name: "whose journal can't be written for EIO",
    rules: [`write ${EIO} .journal`],
    reason: "Input/output error (os error 5)",
  },
  {
    name: "whose journal can't be synced for EIO",
    rules: [`sync ${EIO} .journal`],
    reason: "Input/output error (os error 5)",
  },
  {
    name: "whose journal can neither be synced nor cut back for EIO",
    rules: [`sync ${EIO} .journal`, `cut ${EIO} .journal`],
    reason: "Input/output error (os error 5)",
  },
  {
    name: "whose disk has become read-only",
    rules: ["write", "cut", "open"].map((call) => `${call} ${EROFS} .journal`),
    reason: "Read-only file system (os error 30)",
  },
];
for (const { name, rules, reason } of journalFaults) {
  testFaults(
    `a daemon ${name} refuses with 1004, goes on firing, and recovers`,
    async ({ faults, folder }) => {
      await using server = new CallbackServer();
      const file = join(folder, "store");
      {
        await using daemon = await startDaemon({ file, env: faults.env });
        using connection = await daemon.connect();
        const { client } = connection;
        const params = { url: server.url };
        const often = [1, 0, 0, 0, -1, -1, 0] as const;
        await client.createTimeout("ticking", ...often, "http", params);
        await createFar(client, "before");
        await faults.set(...rules);
        const message = `Cannot write the journal: ${reason}`;
        await assert.rejects(createFar(client, "during"), (error) => {
          assert.ok(error instanceof Error);
          assert.equal((error as Error & { code?: number }).code, 1004);
          assert.equal(error.message.split(": open ")[0], message);
          return true;
        });
        await assert.rejects(client.remove("before"), { code: 1005 });
        assert.deepEqual(await client.getKeys(""), ["before", "ticking"]);
        const fired = server.callbacks.length;
        await server.until(
          () => server.callbacks.length >= fired + 2,
          30_000,
        );
        await faults.set();
        await createEventually(client, "after");
        await eventually(() =>
          daemon.log().includes("The journal can be written again")
        );
        assert.equal(daemon.log().split(message).length - 1, 1);
        await daemon.end("SIGKILL");
      }
      await using again = await startDaemon({
        file,
        args: ["--strict-recovery"],
      });
      using connection = await again.connect();
      assert.deepEqual(await connection.client.getKeys(""), [
        ...["after", "before", "ticking"],
      ]);
    },
  );
}

for (const end of ["SIGKILL", "SIGTERM"] as const) {
  testFaults(
    `a daemon that could not cut its journal back has nothing that it refused after ${end}`,
    async ({ faults, folder }) => {
      const file = join(folder, "store");
      {
        await using daemon = await startDaemon({ file, env: faults.env });
        using connection = await daemon.connect();
        const { client } = connection;
        await createFar(client, "before");
        await faults.set(`sync ${EIO} .journal`, `cut ${EIO} .journal`);
        await assert.rejects(createFar(client, "during"), { code: 1004 });
        await assert.rejects(client.remove("before"), { code: 1005 });
        await faults.set();
        if (end === "SIGKILL") {
          // Goes to the next file: there is no room for it in the first.
          const body = "x".repeat(maxSegmentBytes);
          const params = { url: "http://localhost/", method: "post", body };
          const far = [0, 0, 0, 9, 0, -1, 1] as const;
          await eventually(() =>
            client.createTimeout("large", ...far, "http", params)
              .then(() => true, () => false)
          );
        }
        await daemon.end(end);
      }
      await using again = await startDaemon({
        file,
        args: ["--strict-recovery"],
      });
      using connection = await again.connect();
      const keys = await connection.client.getKeys("");
      assert.deepEqual(keys.filter((key) => key !== "large"), ["before"]);
    },
  );
}

testFaults(
  "a daemon whose disk takes seconds for every sync fires on its seconds",
  async ({ faults, folder }) => {
    await using server = new CallbackServer();
    const file = join(folder, "store");
    await using daemon = await startDaemon({ file, env: faults.env });
    using connection = await daemon.connect();
    const { client } = connection;
    const params = { url: server.url };
    const often = [1, 0, 0, 0, -1, -1, 0] as const;
    await client.createTimeout("ticking", ...often, "http", params);
    await server.until(() => server.callbacks.length > 0, 30_000);
    await faults.set("sync -20000 .journal");
    let isCreated = false;
    const created = createFar(client, "slow").then(() => isCreated = true);
    created.catch(() => {});
    const fired = server.callbacks.length;
    await server.until(() => server.callbacks.length >= fired + 3, 15_000);
    assert.ok(!isCreated, "nothing was slow");
    await daemon.end("SIGKILL");
  },
);

/** Starts a daemon that can't be started; gives what it says of it. */
async function failToStart(
  file: string,
  faults: DiskFaults,
): Promise<string> {
  const [command, ...args] = programCommand();
  const serve = ["serve", "--port", "0", "--driver-mem-store-file", file];
  const { code, stderr } = await new Deno.Command(command, {
    args: [...args, ...serve],
    env: { NO_COLOR: "1", ...faults.env },
    stdin: "null",
  }).output();
  assert.equal(code, 1);
  return new TextDecoder().decode(stderr);
}

testFaults(
  "a daemon does not start on a disk that it can't write or read, and says where",
  async ({ faults, folder }) => {
    const file = join(folder, "store");
    {
      await using daemon = await startDaemon({ file });
      using connection = await daemon.connect();
      await createFar(connection.client, "a");
      await daemon.end("SIGTERM");
    }
    const journal = `${file}.d/0000000001.journal`;
    await faults.set(`open ${EROFS} store.d`);
    assert.equal(
      await failToStart(file, faults),
      `forsun: Cannot open the mem store ${file}.d: Read-only file system (os error 30)\n`,
    );
    for (const call of ["open", "read"]) {
      await faults.set(`${call} ${EIO} .journal`);
      assert.equal(
        await failToStart(file, faults),
        `forsun: Cannot read the journal ${journal}: Input/output error (os error 5)\n`,
      );
    }
    await using daemon = await startDaemon({ file });
    using connection = await daemon.connect();
    assert.deepEqual(await connection.client.getKeys(""), ["a"]);
  },
);
