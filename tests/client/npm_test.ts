import assert from "node:assert/strict";
import { join } from "node:path";
import { buildNpm } from "../../scripts/build_npm.ts";
import { requireSuccess, testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";

const isNode20 = "process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)";
const needed = { "node 20": await requireSuccess("node", "-e", isNode20) };
const folder = import.meta.dirname ?? ".";

testWith(needed, "the package for Node works under Node", async () => {
  await using temp = await tempFolder();
  const target = join(temp.path, "node_modules/forsun-client");
  await buildNpm(target);
  await using daemon = await startThriftDaemon();
  const script = join(folder, "node_client.mjs");
  const { stdout, stderr } = await new Deno.Command("node", {
    args: [script, target, String(daemon.port)],
    stdin: "null",
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(new TextDecoder().decode(stdout), "done\n");
  const program = join(temp.path, "program.ts");
  await Deno.writeTextFile(
    program,
    `import { ForsunClient, type ClientPlan } from "forsun-client";
    const forsun = new ForsunClient({ connections: 2 });
    export const plan: Promise<ClientPlan> = forsun.createTimeout({ minute: 1 });
    // @ts-expect-error: a delay is a number
    forsun.createTimeout({ minute: "1" });
    `,
  );
  // What the declarations name is there, in programs of today and of yesterday.
  await compile("--module", "esnext", "--moduleResolution", "bundler", program);
  await compile("--module", "nodenext", program);
  await compile(
    "--module",
    "commonjs",
    "--moduleResolution",
    "node10",
    program,
  );
});

async function compile(...args: readonly string[]): Promise<void> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-lock", "-A", "npm:typescript@5.9.3/tsc"],
      ...["--noEmit", "--strict", "--target", "es2022", ...args],
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  assert.ok(success, `${args[1]}: ${new TextDecoder().decode(stdout)}`);
}

Deno.test("buildNpm() removes nothing but a package that it has built", async () => {
  await using temp = await tempFolder();
  const precious = join(temp.path, "precious");
  await Deno.writeTextFile(precious, "");
  await assert.rejects(buildNpm(temp.path), {
    message: `${temp.path} is not empty, and no package forsun-client`,
  });
  await Deno.stat(precious);
});
