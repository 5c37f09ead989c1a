import type { CommandName } from "./command.ts";
import { planUsage } from "./parse_plan.ts";

/** What there is to say about a command. */
export interface CommandHelp {
  /** How it is written: capitals stand for a word, brackets for what may be left out. */
  readonly usage: readonly string[];
  /** What it does, in a few words. */
  readonly summary: string;
  /** What else one needs to know, line by line. */
  readonly details: readonly string[];
  /** Lines to type as they are at the prompt. */
  readonly examples: readonly string[];
}

/** The help of every command, in the order in which it is listed. */
export const commandHelp: { readonly [Name in CommandName]: CommandHelp } = {
  help: {
    usage: ["help [COMMAND]"],
    summary: "list the commands, or explain one",
    details: [],
    examples: ["help", "help set"],
  },
  exit: {
    usage: ["exit"],
    summary: "leave the prompt",
    details: [],
    examples: ["exit"],
  },
  version: {
    usage: ["version"],
    summary: "print the version",
    details: [],
    examples: ["version"],
  },
  ls: {
    usage: ["ls [PREFIX]"],
    summary: "list the plans whose key begins with PREFIX, or all",
    details: ["One * at the end of PREFIX may be there or not."],
    examples: ["ls", "ls *", "ls order:", "ls order:*"],
  },
  current: {
    usage: ["current"],
    summary: "list the plans that are due in this second",
    details: [],
    examples: ["current"],
  },
  time: {
    usage: ["time [TIME]"],
    summary: "list the plans whose next occurrence is at TIME, or now",
    details: [
      'TIME is epoch seconds or a local time, "YYYY-MM-DD HH:MM:SS"; with an',
      "offset, as plans are printed, it is the same second everywhere.",
    ],
    examples: [
      "time",
      "time 1795422720",
      'time "2026-11-23 16:32:00"',
      "time 2026-11-23 16:32:00+08:00",
    ],
  },
  get: {
    usage: ["get KEY"],
    summary: "print a plan",
    details: [],
    examples: ["get order:1", "get 'a key with blanks'"],
  },
  rm: {
    usage: ["rm KEY"],
    summary: "remove a plan",
    details: [],
    examples: ["rm order:1"],
  },
  info: {
    usage: ["info"],
    summary: "print the state and the counters of the daemon",
    details: [],
    examples: ["info"],
  },
  nodes: {
    usage: ["nodes"],
    summary: "list the daemons that share their plans with this one",
    details: [
      "A line each: name, version, mode, when it started and was seen last, how",
      "late it was of late, and how many occurrences it has claimed.",
    ],
    examples: ["nodes"],
  },
  set: {
    usage: [
      `set ${planUsage}`,
      "set KEY [TZ=ZONE] cron EXPR ACTION PARAMS",
    ],
    summary: "create a plan, or replace the one that has KEY",
    details: [
      "KEY '' is replaced by a generated one.",
      "Time fields: * is any, a number the moment (0 32 16 * * * is daily at",
      "16:32:00). */N instead is a delay that runs once, */N/COUNT one that runs",
      "COUNT times, 0 without end; other fields then count as 0. EXPR is a cron",
      "expression.",
      "ACTION is shell (or sh, bash), http, redis, mysql, beanstalk, thrift, or",
      "that of an extension.",
      "PARAMS is one quoted word of name=value pairs separated by ;, whose values",
      "may again be quoted. For shell and http it may be the command or the URL.",
      "A backslash escapes the enclosing quote, and a backslash just before one;",
      "elsewhere it is itself. $'...' takes \\n, \\r, \\t, \\\\, \\' and \\uXXXX.",
    ],
    examples: [
      "set ls */5/1 * * * * * shell 'cmd=ls;cwd=/srv'",
      "set size 0 30 4 * * * sh 'du -s /srv | mail root'",
      "set hook */10/3 */1/3 * * * * http http://www.example.com/hook",
      "set b */5/1 * * * * * redis 'host=10.0.0.2;command=\\'SET b 1 EX 300\\''",
      "set job */30/0 * * * * * beanstalk \"host=10.0.0.3;name=jobs;body='{}'\"",
      "set pay TZ=Asia/Shanghai cron '0 9 * * 1-5' http 'url=\\'http://x/?a;b\\''",
    ],
  },
};

/** The text that `help` prints, or `help TOPIC`, without a line end behind it. */
export function formatHelp(topic: CommandName | undefined): string {
  return topic === undefined ? listCommands() : explain(commandHelp[topic]);
}

function listCommands(): string {
  const commands = Object.values(commandHelp).map(({ usage, summary }) =>
    usage.length === 1 && usage[0].length < usageWidth
      ? `${usage[0].padEnd(usageWidth)}${summary}`
      : [...usage, " ".repeat(usageWidth) + summary].join("\n")
  );
  return [
    ...commands,
    "",
    "Commands are separated by ;. Quotes are ' or \". help COMMAND tells more.",
  ].join("\n");
}

const usageWidth = 16;

function explain({ usage, summary, details, examples }: CommandHelp): string {
  return [
    ...usage,
    ...["", summary, ...details].map(indent),
    "",
    "Examples:",
    ...examples.map(indent),
  ].join("\n");
}

function indent(line: string): string {
  return line === "" ? "" : `  ${line}`;
}
