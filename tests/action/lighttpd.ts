import { within } from "../../src/action/within.ts";

const program = "/usr/sbin/lighttpd";

/** Whether tests must skip what needs a lighttpd: there is none, and none is asked for. */
export const lacksLighttpd = Deno.env.get("FORSUN_REQUIRE_SERVICES") !== "1" &&
  !(await Deno.stat(program).then(() => true, () => false));

/** A lighttpd that was started for one test, in a folder and on a port of its own. */
export interface Lighttpd extends AsyncDisposable {
  readonly origin: string;
  /** Method, path and status of the requests; ends the server. */
  requests(): Promise<readonly string[]>;
}

/**
 * Starts a lighttpd whose user `user` has the password `pässword`, which is
 * asked for under /md5/, /sha256/ (digests) and /basic/. Any path has a file.
 */
export async function startLighttpd(): Promise<Lighttpd> {
  await using resources = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "forsun-lighttpd-" });
  resources.defer(() => Deno.remove(folder, { recursive: true }));
  const port = freePort();
  for (const name of ["md5", "sha256", "basic"]) {
    await Deno.mkdir(`${folder}/${name}`);
    await Deno.writeTextFile(`${folder}/${name}/file`, "hello");
  }
  await Deno.writeTextFile(`${folder}/users`, "user:pässword\n");
  await Deno.writeTextFile(`${folder}/conf`, configuration(folder, port));

  const server = new Deno.Command(program, {
    args: ["-D", "-f", `${folder}/conf`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let isRunning = true;
  const ended = server.status.then(() => isRunning = false);
  async function end(): Promise<void> {
    if (isRunning) server.kill("SIGTERM");
    await ended;
  }
  resources.defer(end);

  const start = performance.now();
  while (!await accepts(port)) {
    if (!isRunning || performance.now() - start > 5000) {
      throw new Error(`lighttpd doesn't answer: ${await log(folder)}`);
    }
    await within(20, ended);
  }

  const running = resources.move();
  return {
    origin: `http://127.0.0.1:${port}`,
    async requests(): Promise<readonly string[]> {
      await end();
      const log = await Deno.readTextFile(`${folder}/access.log`);
      return log.trim().split("\n");
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function configuration(folder: string, port: number): string {
  const requirements = [
    ["md5", '"method" => "digest", "algorithm" => "MD5"'],
    ["sha256", '"method" => "digest", "algorithm" => "SHA-256"'],
    ["basic", '"method" => "basic"'],
  ].map(([name, method]) =>
    `"/${name}/" => (${method}, "realm" => "${name} réalm", "require" => "valid-user")`
  );
  return `
server.modules = ("mod_auth", "mod_authn_file", "mod_accesslog")
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${folder}"
server.errorlog = "${folder}/error.log"
accesslog.filename = "${folder}/access.log"
accesslog.format = "%m %U %s"
auth.backend = "plain"
auth.backend.plain.userfile = "${folder}/users"
auth.require = (${requirements.join(", ")})
`;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

async function log(folder: string): Promise<string> {
  return await Deno.readTextFile(`${folder}/error.log`).catch(() => "no log");
}
