import assert from "node:assert/strict";
import { startTestDaemon } from "../support/test_daemon.ts";
import { openTestShell } from "./shell.ts";

const timeZone = (flags = "") =>
  `forsun config --port 0 ${flags} | grep timezone`;

Deno.test("an empty TZ is UTC for the daemon and the command line", async () => {
  await using daemon = await startTestDaemon();
  await using shell = await openTestShell();
  const { stdout } = await shell.run(`TZ= ${timeZone()}`);
  assert.match(stdout, /^timezone +UTC +default\n$/);
  const set = `set a --at "2037-01-01 00:00:00" --shell true`;
  const { stdout: line } = await shell.run(
    `TZ= forsun --port ${daemon.port} ${set}`,
  );
  assert.match(line, /^2037-01-01 00:00:00\+00:00 a /);
});

Deno.test("a TZ that is no time zone is named where a time zone is needed", async () => {
  await using shell = await openTestShell();
  const zones = [
    "Nowhere/X",
    "CET-1CEST",
    "UTC+3",
    "+03:00",
    ":/etc/localtime",
  ];
  for (const zone of zones) {
    const refusal =
      `forsun: TZ (environment) must be a time zone such as Europe/Berlin, got "${zone}"\n`;
    const lines = [
      `TZ='${zone}' forsun config --port 0`,
      `TZ='${zone}' forsun set a --at "2037-01-01 00:00:00" --shell true`,
    ];
    for (const line of lines) {
      const { status, stderr } = await shell.run(line);
      assert.deepEqual({ status, stderr }, { status: 1, stderr: refusal });
    }
    const given = await shell.run(
      `TZ='${zone}' ${timeZone("--timezone Asia/Tokyo")}`,
    );
    assert.match(given.stdout, /^timezone +Asia\/Tokyo +--timezone\n$/);
  }
});

Deno.test("a TZ with a colon before its name is that time zone", async () => {
  await using shell = await openTestShell();
  const { stdout } = await shell.run(`TZ=:Asia/Tokyo ${timeZone()}`);
  assert.match(stdout, /^timezone +Asia\/Tokyo +default\n$/);
});
