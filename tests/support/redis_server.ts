import { requireCommand } from "./services.ts";
import { type ServerProgram, startServerProgram } from "./server_program.ts";

/** Whether tests that need a redis-server are to be run. */
export const hasRedis = await requireCommand("redis-server");

/** Starts a redis-server of the test's own; `args` are further options of its, such as `--requirepass`. */
export function startRedis(
  ...args: readonly string[]
): Promise<ServerProgram> {
  return startServerProgram({
    command: ({ port, folder }) => [
      "redis-server",
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
      ...["--save", "", "--appendonly", "no", "--daemonize", "no"],
      ...args,
    ],
  });
}

/** Asks a Redis with redis-cli; `words` may begin with options of that. */
export async function askRedis(
  port: number,
  ...words: readonly string[]
): Promise<string> {
  const { stdout } = await new Deno.Command("redis-cli", {
    args: ["-p", String(port), ...words],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** Starts a redis-server that speaks TLS alone; its folder has the authority's `ca.crt`. */
export function startTlsRedis(): Promise<ServerProgram> {
  return startServerProgram({
    prepare: async ({ folder }) => {
      const openssl = async (...args: string[]) => {
        const { success } = await new Deno.Command("openssl", {
          args,
          cwd: folder,
          stdout: "null",
          stderr: "null",
        }).output();
        if (!success) throw new Error(`openssl ${args[0]} failed`);
      };
      const key = ["-newkey", "rsa:2048", "-nodes"];
      await openssl(
        ...[
          "req",
          "-x509",
          ...key,
          "-days",
          "2",
          "-subj",
          "/CN=test authority",
        ],
        ...["-keyout", "ca.key", "-out", "ca.crt"],
      );
      await openssl(
        ...["req", ...key, "-subj", "/CN=localhost"],
        ...["-keyout", "redis.key", "-out", "redis.csr"],
      );
      const names = "subjectAltName=DNS:localhost,IP:127.0.0.1\n";
      await Deno.writeTextFile(`${folder}/names`, names);
      await openssl(
        ...["x509", "-req", "-in", "redis.csr", "-days", "2"],
        ...["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
        ...["-extfile", "names", "-out", "redis.crt"],
      );
    },
    command: ({ port, folder }) => [
      ...["redis-server", "--port", "0", "--tls-port", String(port)],
      ...["--bind", "127.0.0.1", "--dir", folder, "--save", ""],
      ...["--tls-cert-file", "redis.crt", "--tls-key-file", "redis.key"],
      ...["--tls-ca-cert-file", "ca.crt", "--tls-auth-clients", "no"],
    ],
  });
}
