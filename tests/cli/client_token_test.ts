import assert from "node:assert/strict";
import { join } from "node:path";
import { readClientToken } from "../../src/cli/client_token.ts";
import { startTestDaemon } from "../support/test_daemon.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { runInProcess } from "./in_process.ts";

const token = "admin-0123456789abcdef";

Deno.test("readClientToken() takes flags before the environment, and the first entry of a file", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "tokens");
  await Deno.writeTextFile(path, `# mine\nwrite ${token} me\nread other\n`);
  const environment = (name: string) =>
    ({ FORSUN_TOKEN: "of the environment", FORSUN_TOKEN_FILE: path })[name];
  const none = () => undefined;
  assert.equal(await readClientToken({}, none), undefined);
  assert.equal(await readClientToken({}, environment), "of the environment");
  assert.equal(await readClientToken({ token }, environment), token);
  assert.equal(
    await readClientToken({ tokenFile: path }, environment),
    token,
  );
  const fileOnly = (name: string) =>
    name === "FORSUN_TOKEN_FILE" ? path : undefined;
  assert.equal(await readClientToken({}, fileOnly), token);
  await Deno.writeTextFile(path, token);
  assert.equal(await readClientToken({}, fileOnly), token);
  await Deno.writeTextFile(path, "\n# none\n");
  await assert.rejects(readClientToken({}, fileOnly), {
    message: `The token file ${path} has no token in it`,
  });
});

Deno.test("forsun shows its token, and secrets to an admin who asks", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "tokens");
  await Deno.writeTextFile(
    path,
    `admin ${token}\nread read-0123456789abcdef\n`,
    { mode: 0o600 },
  );
  await using daemon = await startTestDaemon({ flags: { "token-file": path } });
  const forsun = (...args: string[]) =>
    runInProcess(args, { port: daemon.port });
  const refused = await forsun("ls", "--token", "wrong-0123456789abcdef");
  assert.deepEqual(refused, {
    status: 1,
    stdout: "",
    stderr: "forsun: Not authorized: the token is wrong (error 1009)\n",
  });
  const without = await forsun("get a");
  assert.match(without.stderr, /^forsun: Not authorized: a token is needed/);
  const set = "set a */60/1 * * * * * redis 'password=hunter2;command=GET a'";
  const masked = /redis "password=(\*\*\*|'\*\*\*');command='GET a'"\n$/;
  assert.match((await forsun("--token-file", path, set)).stdout, masked);
  assert.match((await forsun("--token", token, "ls")).stdout, masked);
  for (const command of ["ls", "get a"]) {
    const { stdout } = await forsun(
      "--token",
      token,
      "--show-secrets",
      command,
    );
    assert.match(stdout, /password='hunter2'/);
  }
  const backup = await forsun("export", "--token", token);
  assert.match(backup.stdout, /"password":"hunter2"/);
  const reader = await forsun("export", "--token", "read-0123456789abcdef");
  assert.deepEqual(reader, {
    status: 1,
    stdout: "",
    stderr: "forsun: export needs the role admin: secrets come masked\n",
  });
});
