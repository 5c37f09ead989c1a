import assert from "node:assert/strict";
import { join } from "node:path";
import { makeRootFolder, user } from "../../scripts/root_folder.ts";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/server_program.ts";
import { requireCommand, testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";

const root = join(import.meta.dirname ?? ".", "../..");
const binary = Deno.env.get("FORSUN_BINARY") ?? "";
const needed = {
  "FORSUN_BINARY": binary !== "",
  "root": Deno.uid() === 0,
  "openssl": await requireCommand("openssl"),
};

/** Runs a command in a root folder, with the two mounts that containers have. */
const enter = `
for name in proc dev; do
  /bin/mkdir -p "$1/$name" && /bin/mount --rbind "/$name" "$1/$name" || exit 1
done
exec /usr/sbin/chroot --userspec="$0" "$@"`;

/** The image's settings, as the Dockerfile has them. */
async function readImage() {
  const text = (await Deno.readTextFile(join(root, "Dockerfile")))
    .replace(/\\\n/g, " ").split("FROM scratch\n")[1];
  const after = (name: string) =>
    new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1] ?? "";
  const env = after("ENV").split(/\s+/).map((pair) => pair.split("="));
  return {
    env: Object.fromEntries(env) as Record<string, string>,
    user: after("USER"),
    entry: JSON.parse(after("ENTRYPOINT")) as string[],
    command: JSON.parse(after("CMD")) as string[],
    health: JSON.parse(/CMD (.+)$/.exec(after("HEALTHCHECK"))?.[1] ?? "[]"),
  };
}

/** All files below a folder, without it. */
async function list(folder: string, below = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder + below)) {
    const path = `${below}/${name}`;
    if (isDirectory) paths.push(...await list(folder, path));
    else paths.push(path);
  }
  return paths.sort();
}

async function openssl(folder: string, line: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args: line.split(" "),
    cwd: folder,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** An HTTPS server whose certificate is of an authority of its own. */
async function startHttps(folder: string) {
  const key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  await openssl(
    folder,
    `req -x509 ${key} -keyout ca.key -out ca.crt -subj /CN=ca -days 2`,
  );
  await openssl(folder, `req ${key} -keyout key -out csr -subj /CN=localhost`);
  await Deno.writeTextFile(
    join(folder, "names"),
    "subjectAltName=IP:127.0.0.1",
  );
  await openssl(
    folder,
    "x509 -req -in csr -CA ca.crt -CAkey ca.key -out crt -days 1 -extfile names",
  );
  const keys: (string | null)[] = [];
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert: await Deno.readTextFile(join(folder, "crt")),
    key: await Deno.readTextFile(join(folder, "key")),
    onListen() {},
  }, ({ headers }) => {
    keys.push(headers.get("x-forsun-key"));
    return new Response("ok");
  });
  return {
    keys,
    authority: await Deno.readTextFile(join(folder, "ca.crt")),
    url: `https://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

testWith(
  needed,
  "the container's root folder holds the program, a shell, their libraries and certificates",
  async () => {
    await using folder = await tempFolder();
    const place = join(folder.path, "root");
    await makeRootFolder(binary, place);
    const files = (await list(place)).filter((path) =>
      !/^\/(usr\/)?lib(64|\/[\w-]+-linux-gnu)?\/(ld-|lib)[\w.+-]+$/.test(path)
    );
    assert.deepEqual(files, [
      "/bin/forsun",
      "/bin/forsund",
      "/bin/setsid",
      "/bin/sh",
      "/etc/group",
      "/etc/passwd",
      "/etc/ssl/certs/ca-certificates.crt",
    ]);
    const pem = await Deno.readTextFile(
      join(place, "etc/ssl/certs/ca-certificates.crt"),
    );
    assert(pem.split("BEGIN CERTIFICATE").length > 50);
  },
);

testWith(
  needed,
  "the program serves and fires in the container's root folder, as its user",
  async () => {
    await using folder = await tempFolder();
    await using https = await startHttps(folder.path);
    const place = join(folder.path, "root");
    await Deno.chmod(folder.path, 0o755);
    await makeRootFolder(binary, place);
    const bundle = join(place, "etc/ssl/certs/ca-certificates.crt");
    await Deno.writeTextFile(bundle, https.authority, { append: true });
    const image = await readImage();
    assert.equal(image.user, `${user.uid}:${user.gid}`);
    const port = freePort();
    const run = (...command: string[]) =>
      new Deno.Command("/usr/bin/unshare", {
        args: [
          "--mount",
          "/bin/sh",
          "-c",
          enter,
          image.user,
          place,
          ...command,
        ],
        clearEnv: true,
        env: { ...image.env, PORT: String(port), BIND_ADDRESS: "127.0.0.1" },
        stdin: "null",
        stdout: "null",
        stderr: "inherit",
      });
    const child = run(...image.entry, ...image.command).spawn();
    try {
      await eventually(() =>
        connectToDaemon({ hostname: "127.0.0.1", port, timeoutMs: 5000 })
          .then((connection) => connection[Symbol.dispose](), () => false)
          .then((is) => is !== false)
      );
      // The health check asks at the usual port.
      const [program, ...args] = image.health;
      const health = run(program, ...args, "--port", String(port));
      assert.equal((await health.output()).code, 0);

      const id = "shell 'cmd=echo $FORSUN_KEY $HOME > /tmp/fired'";
      const lines = [`set a */1/1 * * * * * ${id}`];
      lines.push(`set b */1/1 * * * * * http 'url=${https.url}'`);
      const set = run(...image.entry, "--port", String(port), lines.join(";"));
      assert.equal((await set.output()).code, 0);
      const fired = join(place, "tmp/fired");
      const read = () => Deno.readTextFile(fired).catch(() => "");
      await eventually(async () => await read() === "a /var/lib/forsun\n");
      assert.equal((await Deno.stat(fired)).uid, user.uid);
      await eventually(() => https.keys.includes("b"));
    } finally {
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
    }
  },
);
