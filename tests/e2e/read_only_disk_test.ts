import assert from "node:assert/strict";
import { join } from "node:path";
import { CallbackServer } from "../support/callback_server.ts";
import { type DaemonProcess, startDaemon } from "../support/daemon_process.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { runQuietly } from "../support/run_quietly.ts";

/** A file system of its own, in a file, that turns read-only at its first error. */
class Disk {
  readonly path: string;
  readonly #image: string;

  private constructor(folder: string) {
    this.path = join(folder, "disk");
    this.#image = join(folder, "image");
  }

  /** Undefined where it can't be mounted: only root may, and not in every container. */
  static async create(folder: string): Promise<Disk | undefined> {
    const disk = new Disk(folder);
    await Deno.mkdir(disk.path);
    const isMade = await runQuietly("truncate", "-s", "32M", disk.#image) &&
      await runQuietly("mkfs.ext4", "-q", "-F", disk.#image) &&
      await disk.mount();
    if (!isMade) return undefined;
    if (await disk.#trigger() !== undefined) return disk;
    await disk.unmount();
    return undefined;
  }

  async #trigger(): Promise<string | undefined> {
    const { stdout } = await new Deno.Command("findmnt", {
      args: ["-n", "-o", "SOURCE", this.path],
    }).output();
    const device = new TextDecoder().decode(stdout).trim().split("/").at(-1);
    const path = `/sys/fs/ext4/${device}/trigger_fs_error`;
    const isThere = await Deno.stat(path).then(() => true, () => false);
    return isThere ? path : undefined;
  }

  mount(options = "errors=remount-ro"): Promise<boolean> {
    return runQuietly("mount", "-o", `loop,${options}`, this.#image, this.path);
  }

  /** Has the kernel believe that the file system is damaged. */
  async damage(): Promise<void> {
    await Deno.writeTextFile(await this.#trigger() ?? "", "1");
  }

  unmount(): Promise<boolean> {
    return runQuietly("umount", this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unmount();
  }
}

type Client = Awaited<ReturnType<DaemonProcess["connect"]>>["client"];

function createFar(client: Client, key: string) {
  const params = { cmd: "true" };
  return client.createTimeout(
    ...[key, 0, 0, 0, 9, 0, -1, 1, "shell", params] as const,
  );
}

/** Elsewhere the faults of disk_faults_test.ts have to do. */
async function canMount(): Promise<boolean> {
  await using folder = await tempFolder();
  await using disk = await Disk.create(folder.path);
  return disk !== undefined;
}

const isSkipped = !await canMount();
const name =
  "a daemon whose file system turns read-only goes on firing, refuses with 1004, and has all that it acknowledged";

Deno.test({
  name: isSkipped ? `${name} (skipped: ext4 can't be mounted)` : name,
  ignore: isSkipped,
  fn: turnReadOnly,
});

async function turnReadOnly(): Promise<void> {
  await using folder = await tempFolder();
  await using server = new CallbackServer();
  await using disk = await Disk.create(folder.path);
  assert.ok(disk);
  const file = join(disk.path, "store");
  {
    await using daemon = await startDaemon({ file });
    using connection = await daemon.connect();
    const { client } = connection;
    for (let index = 0; index < 20; index++) {
      const fields = [3, 0, 0, 0, 0, -1] as const;
      await client.createTimeout(
        ...[`due ${index}`, ...fields, 1, "http", { url: server.url }] as const,
      );
    }
    for (let index = 0; index < 100; index++) {
      await createFar(client, `far ${index}`);
    }
    await disk.damage();
    await assert.rejects(
      createFar(client, "refused"),
      (error: { code?: number; message?: string }) =>
        error.code === 1004 &&
        /Read-only file system/.test(String(error)),
    );
    await server.until(() => server.callbacks.length === 20, 20_000);
    assert.equal((await client.getKeys("far ")).length, 100);
    await daemon.end("SIGKILL");
  }
  assert.ok(await disk.unmount());
  assert.ok(await disk.mount("ro,noload"));
  const refused = await startDaemon({ file }).then(
    async (daemon) => {
      await using _ = daemon;
      return "it started";
    },
    String,
  );
  assert.match(refused, /Read-only file system/);
  assert.ok(await disk.unmount());
  assert.ok(await disk.mount());
  await using again = await startDaemon({ file });
  using connection = await again.connect();
  assert.equal((await connection.client.getKeys("far ")).length, 100);
  assert.deepEqual(await connection.client.getKeys("refused"), []);
  await again.end("SIGTERM");
}
