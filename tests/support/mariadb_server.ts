import { join } from "node:path";
import { type ServerProgram, startServerProgram } from "./server_program.ts";
import { requireCommand } from "./services.ts";

/** Whether tests that need a MariaDB server are to be run. */
export const hasMariadb = await requireCommand("/usr/sbin/mariadbd");

/** An account that may do everything with the database `test`, and nothing else. */
export const mariadbAccount = {
  user: "forsun",
  passwd: "s3cr3t-of-the-database",
  db: "test",
} as const;

/**
 * Starts a MariaDB server of the test's own with {@link mariadbAccount} and root,
 * who has no password. What is committed survives a kill; `args` are further
 * options of its, such as `--max-connections=3`.
 */
export async function startMariadb(
  ...args: readonly string[]
): Promise<ServerProgram> {
  const template = await preparedFolder();
  return await startServerProgram({
    prepare: async ({ folder }) => {
      await run("cp", "-a", "--reflink=auto", template, dataIn(folder));
      await Deno.writeTextFile(accountsIn(folder), accounts.join("\n"));
    },
    command: ({ port, folder }) => [
      "/usr/sbin/mariadbd",
      ...commonArgs,
      ...["--datadir", dataIn(folder), "--port", String(port)],
      ...["--bind-address=127.0.0.1", "--skip-name-resolve"],
      ...["--socket", join(folder, "socket")],
      ...["--pid-file", join(folder, "pid")],
      ...["--init-file", accountsIn(folder)],
      ...["--innodb-buffer-pool-size=32M", "--performance-schema=OFF"],
      // A kill of the process loses nothing of it; a power cut would.
      "--innodb-flush-log-at-trx-commit=2",
      ...args,
    ],
    isReady: async ({ port }) =>
      await succeeds(...client(port), "-e", "select 1 from test.ready"),
    startMs: 60_000,
  });
}

/** Runs SQL as root with the server's own client; gives the rows, values with tabs between them. */
export async function queryMariadb(
  { port }: ServerProgram,
  sql: string,
): Promise<string[]> {
  const options = ["--default-character-set=utf8mb4", "-N", "-e", sql, "test"];
  const output = await run(...client(port), ...options);
  return output.split("\n").slice(0, -1);
}

function client(port: number): readonly string[] {
  const place = ["-h127.0.0.1", `-P${port}`, "-uroot"];
  return ["mariadb", "--no-defaults", ...place];
}

const { user, passwd, db } = mariadbAccount;

/** A statement a line. The server's own character set is not the one that clients ask for. */
const accounts = [
  "CREATE USER IF NOT EXISTS root@127.0.0.1;",
  "GRANT ALL ON *.* TO root@127.0.0.1 WITH GRANT OPTION;",
  `CREATE USER IF NOT EXISTS ${user}@127.0.0.1 IDENTIFIED BY '${passwd}';`,
  `CREATE DATABASE IF NOT EXISTS ${db} CHARACTER SET utf8mb4;`,
  `GRANT ALL ON ${db}.* TO ${user}@127.0.0.1;`,
  `CREATE TABLE IF NOT EXISTS ${db}.ready (id INT);`,
];

const commonArgs = [
  "--no-defaults",
  // Of the process as well: it does not run as root otherwise.
  ...(Deno.uid() === 0 ? ["--user=root"] : []),
  "--innodb-log-file-size=8M",
];

let prepared: Promise<string> | undefined;

/** A fresh data folder, made once for all tests of the process, since it takes seconds. */
function preparedFolder(): Promise<string> {
  return prepared ??= prepare();
}

async function prepare(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "forsun-test-mariadb-" });
  globalThis.addEventListener("unload", () => {
    Deno.removeSync(folder, { recursive: true });
  });
  await run(
    "mariadb-install-db",
    ...commonArgs,
    ...[`--datadir=${dataIn(folder)}`, "--skip-test-db"],
    "--auth-root-authentication-method=normal",
  );
  return dataIn(folder);
}

function dataIn(folder: string): string {
  return join(folder, "data");
}

function accountsIn(folder: string): string {
  return join(folder, "accounts.sql");
}

async function succeeds(
  ...[command, ...args]: readonly string[]
): Promise<boolean> {
  const options = { args, stdout: "null", stderr: "null" } as const;
  return (await new Deno.Command(command, options).output()).success;
}

async function run(
  ...[command, ...args]: readonly string[]
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args })
    .output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${command}: ${decoder.decode(stderr)}`);
}
