import { startServerProgram } from "../support/server_program.ts";

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
  const server = await startServerProgram({
    async prepare({ folder, port }) {
      for (const name of ["md5", "sha256", "basic"]) {
        await Deno.mkdir(`${folder}/${name}`);
        await Deno.writeTextFile(`${folder}/${name}/file`, "hello");
      }
      await Deno.writeTextFile(`${folder}/users`, "user:pässword\n");
      await Deno.writeTextFile(`${folder}/conf`, configuration(folder, port));
    },
    command: ({ folder }) => [program, "-D", "-f", `${folder}/conf`],
  });
  return {
    origin: `http://127.0.0.1:${server.port}`,
    async requests(): Promise<readonly string[]> {
      await server.end("SIGTERM");
      const log = await Deno.readTextFile(`${server.folder}/access.log`);
      return log.trim().split("\n");
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
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
