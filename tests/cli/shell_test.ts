import assert from "node:assert/strict";
import { stillClock } from "../support/still_clock.ts";
import { startTestDaemon } from "../support/test_daemon.ts";
import { runInProcess } from "./in_process.ts";
import { openTestShell } from "./shell.ts";

const clock = stillClock("2026-11-23T08:31:55Z");
const soon = "2026-11-23 16:32:00+08:00";

/** As documents have it, to be typed in a shell, and the line that it prints. */
const examples: readonly (readonly [typed: string, printed: string])[] = [
  [
    String
      .raw`forsun "set redis */5/1 * * * * * redis 'host=172.16.0.2;command=\'SET b 1 EX 300\''"`,
    `${soon} redis */5/1 * * * * * redis "host='172.16.0.2';command='SET b 1 EX 300'"`,
  ],
  [
    `forsun "set ls */5/1 * * * * * shell 'cmd=ls'"`,
    `${soon} ls */5/1 * * * * * shell "cmd='ls'"`,
  ],
  [
    `forsun "set bs */5/1 * * * * * beanstalk 'host=10.4.14.14;name=etask;body={}'"`,
    `${soon} bs */5/1 * * * * * beanstalk "host='10.4.14.14';name='etask';body='{}'"`,
  ],
  [
    String
      .raw`forsun "set http */5/1 * * * * * http 'url=\'http://www.example.com\''"`,
    `${soon} http */5/1 * * * * * http "url='http://www.example.com'"`,
  ],
  [
    String
      .raw`forsun "set my 0 32 16 * * * mysql 'host=172.16.0.2;user=root;passwd=123456;db=test;sql=\'update test set created_at=now() where id=1\''"`,
    `${soon} my 0 32 16 * * * mysql "host='172.16.0.2';user='root';passwd=***;db='test';sql='update test set created_at=now() where id=1'"`,
  ],
  [
    `forsun "set thrift */5/1 * * * * * thrift 'host=10.4.14.14;port=4220"`,
    `${soon} thrift */5/1 * * * * * thrift "host='10.4.14.14';port='4220'"`,
  ],
  [
    `forsun "set open */5/1 * * * * * shell 'cmd=ls"`,
    `${soon} open */5/1 * * * * * shell "cmd='ls'"`,
  ],
  [
    String
      .raw`forsun "set open */5/1 * * * * * http 'url=\'http://www.example.com\'"`,
    `${soon} open */5/1 * * * * * http "url='http://www.example.com'"`,
  ],
  [
    `forsun set 'a key' '*/5/1' '*' '*' '*' '*' '*' sh "cmd=echo \\"it's\\""`,
    `${soon} 'a key' */5/1 * * * * * shell "cmd='echo \\"it\\'s\\"'"`,
  ],
];

for (const shell of ["bash", "dash"]) {
  Deno.test(`forsun runs the documented lines as they are typed in ${shell}`, async () => {
    const flags = { timezone: "Asia/Shanghai" };
    await using daemon = await startTestDaemon({ clock, flags });
    const { port } = daemon;
    await using prompt = await openTestShell();
    for (const [typed, printed] of examples) {
      const line = typed.replace("forsun", `forsun --port ${port}`);
      const result = await prompt.run(line, shell);
      assert.equal(result.stderr, "");
      assert.deepEqual(result.stdout, `${printed}\n`);
      assert.equal(result.status, 0);
    }
  });
}

Deno.test("forsun leaves its answers on standard output and its complaints on the other", async () => {
  await using daemon = await startTestDaemon({ clock });
  await using prompt = await openTestShell();
  const forsun = `forsun --port ${daemon.port}`;
  const set = "set a */5 * * * * * shell ls";
  const result = await prompt.run(
    `${forsun} '${set}; get b' >out 2>err; echo $?; cat out; echo -; cat err`,
  );
  assert.equal(
    result.stdout,
    `1
${soon} a */5/1 * * * * * shell "cmd='ls'"
-
forsun: No plan has the key "b" (error 1003)
`,
  );
});

Deno.test("forsun ends quietly when nobody reads on", async () => {
  await using daemon = await startTestDaemon({ clock });
  const { port } = daemon;
  await using prompt = await openTestShell();
  const sets = Array.from(
    { length: 3000 },
    (_, i) => `set key:${i} */500 * * * * * shell 'echo ${"x".repeat(100)}'`,
  );
  await runInProcess([sets.join(";")], { port });
  const forsun = `forsun --port ${port}`;
  const lines = [
    `${forsun} ls | head -1 | wc -l; echo \${PIPESTATUS[0]}`,
    `${forsun} ls --json | head -1 | wc -l; echo \${PIPESTATUS[0]}`,
    `printf 'ls\\nls\\n' | ${forsun} | head -1 | wc -l; echo \${PIPESTATUS[1]}`,
  ];
  for (const line of lines) {
    const result = await prompt.run(line);
    assert.deepEqual(result, { status: 0, stdout: "1\n0\n", stderr: "" }, line);
  }
});

Deno.test("forsun goes on with what it was told to do when nobody reads on", async () => {
  await using daemon = await startTestDaemon({ clock });
  const { port } = daemon;
  await using prompt = await openTestShell();
  const sets = ["a", "b"].map((key) => `set ${key} */500 * * * * * shell ls`);
  await runInProcess([sets.join(";")], { port });
  const forsun = `forsun --port ${port}`;
  const { stdout } = await prompt.run(
    `(sleep 0.2; ${forsun} 'ls; info; rm a') | true; ${forsun} ls | wc -l`,
  );
  assert.equal(stdout, "1\n");
});

Deno.test("forsun says that it can't write", async () => {
  await using prompt = await openTestShell();
  assert.deepEqual(await prompt.run("forsun version > /dev/full"), {
    status: 1,
    stdout: "",
    stderr:
      "forsun: Cannot write the output: No space left on device (os error 28)\n",
  });
  assert.equal((await prompt.run("forsun foo 2> /dev/full")).status, 1);
});
