/**
 * Makes the root folder of a container: the program, what the shell action
 * needs (a shell, and setsid to start it at a cost that doesn't grow with the
 * program's memory), their libraries, certificates for HTTPS, and nothing else.
 *
 *     deno run -A scripts/root_folder.ts dist/forsun FOLDER
 */
import { dirname, join } from "node:path";

/** Who the program runs as; nobody on any system by that number. */
export const user = { uid: 65_532, gid: 65_532 } as const;

const shell = "/bin/dash";
const setsid = "/usr/bin/setsid";
const certificates = "/etc/ssl/certs/ca-certificates.crt";

/** Fills `folder`, which may not exist yet. What belongs to {@link user} is made so by root alone. */
export async function makeRootFolder(
  binary: string,
  folder: string,
): Promise<void> {
  const place = (path: string) => join(folder, path);
  for (const path of ["bin", "etc/ssl/certs", "tmp", "var/lib/forsun"]) {
    await Deno.mkdir(place(path), { recursive: true });
  }
  await Deno.chmod(place("tmp"), 0o1777);
  await Deno.copyFile(binary, place("bin/forsun"));
  await Deno.chmod(place("bin/forsun"), 0o755);
  await Deno.symlink("forsun", place("bin/forsund"));
  await Deno.copyFile(shell, place("bin/sh"));
  await Deno.copyFile(setsid, place("bin/setsid"));
  await Deno.copyFile(certificates, place(certificates));
  for (const library of await findLibraries(binary, shell, setsid)) {
    await Deno.mkdir(dirname(place(library)), { recursive: true });
    await Deno.copyFile(library, place(library));
  }
  const { uid, gid } = user;
  const home = "/var/lib/forsun";
  await Deno.writeTextFile(
    place("etc/passwd"),
    `forsun:x:${uid}:${gid}:forsun:${home}:/bin/sh\n`,
  );
  await Deno.writeTextFile(place("etc/group"), `forsun:x:${gid}:\n`);
  if (Deno.uid() === 0) await Deno.chown(place(home), uid, gid);
}

/** The shared libraries that programs are linked with, their loader included. */
async function findLibraries(
  ...programs: readonly string[]
): Promise<ReadonlySet<string>> {
  const { success, stdout, stderr } = await new Deno.Command("ldd", {
    args: [...programs],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`ldd: ${decoder.decode(stderr)}`);
  const paths = decoder.decode(stdout).matchAll(/(?:=>|^)\s+(\/\S+) \(0x/gm);
  return new Set(Array.from(paths, ([, path]) => path));
}

if (import.meta.main) {
  const [binary, folder] = Deno.args;
  if (binary === undefined || folder === undefined) {
    throw new TypeError("root_folder.ts: give the program and a folder");
  }
  await makeRootFolder(binary, folder);
}
