import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { tempFolder } from "./temp_folder.ts";

const init = "/lib/systemd/systemd";

/** Namespaces of its own, in which systemd can be process 1. */
const unshare = [
  "unshare",
  ...["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
  ...["--cgroup", "--ipc", "--uts"],
] as const;

/** Whether tests that need a systemd of their own are to be run here: it is there, and may be given a world of its own. */
export const hasSystemd = Deno.uid() === 0 &&
  await Deno.stat(init).then(() => true, () => false) &&
  await isAllowed();

/** No package can bring what a sandbox forbids: this is asked for even where services are required. */
async function isAllowed(): Promise<boolean> {
  const [command, ...args] = unshare;
  const probe =
    "umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup";
  const { success } = await new Deno.Command(command, {
    args: [...args, "/bin/sh", "-c", probe],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** A systemd that runs one service, and nothing of the machine's own. */
export interface Systemd extends AsyncDisposable {
  /** What `systemctl` prints. */
  systemctl(...args: readonly string[]): Promise<string>;
}

/** Starts systemd with the unit `name`; `binds` are files that the unit finds at other paths. */
export async function startSystemd(
  { name, unit, binds }: {
    readonly name: string;
    readonly unit: string;
    readonly binds: Readonly<Record<string, string>>;
  },
): Promise<Systemd> {
  const folder = await tempFolder();
  const write = (file: string, text: string) =>
    Deno.writeTextFile(join(folder.path, file), text);
  await write(name, unit);
  await write(
    "all.target",
    `[Unit]\nDefaultDependencies=no\nWants=${name}\n`,
  );
  const mounts = Object.entries(binds).map(([path, source]) =>
    `touch ${path}; mount --bind ${source} ${path}`
  );
  await write(
    "boot",
    [
      "set -e",
      "mount -t tmpfs tmpfs /run",
      "mount -t tmpfs tmpfs /var/lib",
      "umount -R /sys/fs/cgroup || true",
      "mount -t cgroup2 none /sys/fs/cgroup",
      ...mounts,
      "mkdir -p /run/systemd/system",
      `cp ${folder.path}/*.target ${folder.path}/*.service /run/systemd/system`,
      "export container=lxc",
      `exec ${init} --system --unit=all.target`,
      "",
    ].join("\n"),
  );
  const [command, ...args] = unshare;
  const child = new Deno.Command(command, {
    args: [...args, "/bin/sh", join(folder.path, "boot")],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const enter = async (...inside: readonly string[]) => {
    const path = `/proc/${child.pid}/task/${child.pid}/children`;
    const pid = (await Deno.readTextFile(path)).trim();
    const where = ["--target", pid, "--mount", "--pid", "--cgroup"];
    const { stdout, stderr } = await new Deno.Command("nsenter", {
      args: [...where, ...inside],
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  };
  const systemctl = (...words: readonly string[]) =>
    enter("systemctl", ...words);
  const owned = {
    systemctl,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await folder[Symbol.asyncDispose]();
    },
  };
  try {
    await eventually(async () =>
      /\d/.test(await systemctl("show", "--value", "--property=Version"))
    );
    return owned;
  } catch (error) {
    await owned[Symbol.asyncDispose]();
    throw error;
  }
}
