import assert from "node:assert/strict";
import { parseCommands } from "../../src/command/parser.ts";

const unset = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day: undefined,
  month: undefined,
  week: undefined,
};
const onceInFive = {
  kind: "timeout",
  fields: { ...unset, second: 5 },
  count: 1,
};
const daily = {
  kind: "calendar",
  fields: { ...unset, second: 0, minute: 32, hour: 16 },
  timeZone: undefined,
};

interface Example {
  /** As the documents or older ones have it, to be typed in a shell. */
  readonly typed: string;
  /** What the shell makes of it. */
  readonly argument: string;
  readonly plan: object;
}

const examples: readonly Example[] = [
  {
    typed: String
      .raw`forsun "set redis */5/1 * * * * * redis 'host=172.16.0.2;command=\'SET b 1 EX 300\''"`,
    argument: String
      .raw`set redis */5/1 * * * * * redis 'host=172.16.0.2;command=\'SET b 1 EX 300\''`,
    plan: {
      key: "redis",
      schedule: onceInFive,
      action: "redis",
      params: { host: "172.16.0.2", command: "SET b 1 EX 300" },
    },
  },
  {
    typed: `forsun "set ls */5/1 * * * * * shell 'cmd=ls'"`,
    argument: "set ls */5/1 * * * * * shell 'cmd=ls'",
    plan: {
      key: "ls",
      schedule: onceInFive,
      action: "shell",
      params: { cmd: "ls" },
    },
  },
  {
    typed:
      `forsun "set bs */5/1 * * * * * beanstalk 'host=10.4.14.14;name=etask;body={}'"`,
    argument:
      "set bs */5/1 * * * * * beanstalk 'host=10.4.14.14;name=etask;body={}'",
    plan: {
      key: "bs",
      schedule: onceInFive,
      action: "beanstalk",
      params: { host: "10.4.14.14", name: "etask", body: "{}" },
    },
  },
  {
    typed: String
      .raw`forsun "set http */5/1 * * * * * http 'url=\'http://www.example.com\''"`,
    argument: String
      .raw`set http */5/1 * * * * * http 'url=\'http://www.example.com\''`,
    plan: {
      key: "http",
      schedule: onceInFive,
      action: "http",
      params: { url: "http://www.example.com" },
    },
  },
  {
    typed: String
      .raw`forsun "set my 0 32 16 * * * mysql 'host=172.16.0.2;user=root;passwd=123456;db=test;sql=\'update test set created_at=now() where id=1\''"`,
    argument: String
      .raw`set my 0 32 16 * * * mysql 'host=172.16.0.2;user=root;passwd=123456;db=test;sql=\'update test set created_at=now() where id=1\''`,
    plan: {
      key: "my",
      schedule: daily,
      action: "mysql",
      params: {
        host: "172.16.0.2",
        user: "root",
        passwd: "123456",
        db: "test",
        sql: "update test set created_at=now() where id=1",
      },
    },
  },
  {
    typed: `forsun "set shell */5/1 * * * * * shell 'cmd=ls"`,
    argument: "set shell */5/1 * * * * * shell 'cmd=ls",
    plan: {
      key: "shell",
      schedule: onceInFive,
      action: "shell",
      params: { cmd: "ls" },
    },
  },
  {
    typed: String
      .raw`forsun "set redis */5/1 * * * * * redis 'host=172.16.0.2;command=\'SET b 1 EX 300\'"`,
    argument: String
      .raw`set redis */5/1 * * * * * redis 'host=172.16.0.2;command=\'SET b 1 EX 300\'`,
    plan: {
      key: "redis",
      schedule: onceInFive,
      action: "redis",
      params: { host: "172.16.0.2", command: "SET b 1 EX 300" },
    },
  },
  {
    typed:
      `forsun 'set deep */5/1 * * * * * redis "command=\\"SET a \\\\\\"x;y\\\\\\"\\";port=1"'`,
    argument: String
      .raw`set deep */5/1 * * * * * redis "command=\"SET a \\\"x;y\\\"\";port=1"`,
    plan: {
      key: "deep",
      schedule: onceInFive,
      action: "redis",
      params: { command: 'SET a "x;y"', port: "1" },
    },
  },
];

for (const shell of ["bash", "dash"]) {
  Deno.test(`parseCommands() reads the documented lines as ${shell} hands them over`, async () => {
    for (const { typed, argument, plan } of examples) {
      const received = await receive(shell, typed);
      assert.deepEqual(received, [argument]);
      assert.deepEqual(parseCommands(received[0]), [{ kind: "set", plan }]);
    }
  });
}

/** The arguments that a program called forsun gets when `line` is typed in `shell`. */
async function receive(shell: string, line: string): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const program = `#!/bin/sh\nfor word do printf '%s\\000' "$word"; done\n`;
    await Deno.writeTextFile(`${folder}/forsun`, program, { mode: 0o755 });
    const { stdout, success } = await new Deno.Command(shell, {
      args: ["-c", line],
      env: { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}` },
      stderr: "inherit",
    }).output();
    assert(success);
    return new TextDecoder().decode(stdout).split("\0").slice(0, -1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
