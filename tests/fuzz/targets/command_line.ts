import { parseCommands } from "../../../src/command/parser.ts";
import { ForsunError } from "../../../src/core/errors.ts";
import { textTarget } from "../text_target.ts";

/** Words of the command language. */
export const commandWords: readonly string[] = [
  ...[
    "set ",
    "get ",
    "ls ",
    "rm ",
    "time ",
    "current",
    "info",
    "help ",
    "exit",
  ],
  ...[
    "*/5/1",
    "*/30",
    "* * * * * *",
    "cron ",
    "TZ=",
    "Europe/Berlin ",
    "@daily",
  ],
  ...["shell ", "sh ", "http ", "redis ", "mysql ", "beanstalk ", "thrift "],
  ...[
    "cmd=",
    "url=",
    "body=",
    "command=",
    "sql=",
    "host=",
    "header_A=",
    "env=",
  ],
  ...["http://127.0.0.1/", "misfire=skip", "time_zone=UTC", "timeout=5"],
];

/** The examples of the first forsun's documents, and ours. */
export const commandLines: readonly string[] = [
  String
    .raw`set redis */5/1 * * * * * redis 'host=172.16.0.2;command=\'SET b 1 EX 300\''`,
  `set ls */5/1 * * * * * shell 'cmd=ls'`,
  `set bs */5/1 * * * * * beanstalk 'host=10.4.14.14;name=etask;body={}'`,
  String
    .raw`set http */5/1 * * * * * http 'url=\'http://www.example.com\''`,
  String
    .raw`set my 0 32 16 * * * mysql 'host=172.16.0.2;user=root;passwd=1;db=test;sql=\'update test set a=now() where id=1\''`,
  `set day 0 0 9 * * 1 shell "make report; cp a b"`,
  `set cron cron "0 9 * * MON-FRI" http url=http://x/;method=post`,
  `set zone TZ=Europe/Berlin 0 30 6 * * * shell 'cmd=a;env=$'x\\ny''`,
  `ls order:*; get "a b"; rm 'it\\'s'; time "2026-11-23 16:32:00"; info`,
  `time 1700000000;current;help set;version;exit`,
];

export const commandLine = textTarget({
  name: "command line",
  seeds: commandLines,
  dictionary: commandWords,
  parse: (text) => parseCommands(text).map(({ kind }) => kind).join(),
  isRefusal: (error) => error instanceof ForsunError && error.code === 1007,
  usualRuns: 25_000,
});
