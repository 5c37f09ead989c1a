import type { Command } from "../command/command.ts";
import { formatHelp } from "../command/help.ts";
import { resolveLocalTime } from "../command/local_time.ts";
import { invalidArgument } from "../core/errors.ts";
import {
  currentSecond,
  maxThriftSeconds,
  type UnixSeconds,
} from "../core/time.ts";
import { version } from "../version.ts";
import { pagesOf } from "./plan_pages.ts";
import { printInfo, printNodes, printPlans, printVersion } from "./print.ts";
import { sendPlan } from "../thrift/send_plan.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Does what a command says and prints what comes of it. `exit` does nothing:
 * leaving is up to the caller.
 */
export async function runCommand(
  command: Command,
  session: Session,
): Promise<void> {
  const { terminal, options } = session;
  switch (command.kind) {
    case "help":
      terminal.print(formatHelp(command.topic));
      break;
    case "version":
      printVersion(version, options);
      break;
    case "exit":
      break;
    case "set": {
      const client = await session.connect();
      printPlans([await sendPlan(command.plan, client)], options);
      break;
    }
    case "get": {
      const client = await session.connect();
      const { isJson, showSecrets } = options;
      const plan = isJson || showSecrets
        ? await client.inspect(command.key, showSecrets)
        : await client.get(command.key);
      printPlans([plan], options);
      break;
    }
    case "rm": {
      const removed = await (await session.connect()).remove(command.key);
      if (options.isJson) printPlans([removed], options);
      else terminal.print("success");
      break;
    }
    case "ls":
      for await (const page of pagesOf(session, command)) {
        printPlans(page, options);
      }
      break;
    case "current":
      printPlans(await (await session.connect()).getCurrent(), options);
      break;
    case "time": {
      const second = secondOf(command.at, terminal);
      printPlans(await (await session.connect()).getTime(second), options);
      break;
    }
    case "nodes":
      printNodes(await (await session.connect()).getNodes(), options);
      break;
    case "info":
      printInfo(await (await session.connect()).info(), options);
      break;
    default:
      command satisfies never;
  }
}

function secondOf(
  at: Extract<Command, { kind: "time" }>["at"],
  { clock, timeZone }: Terminal,
): UnixSeconds {
  if (at === undefined) return currentSecond(clock);
  const second = typeof at === "number"
    ? at
    : resolveLocalTime(at, { name: "time: TIME", timeZone });
  if (second <= maxThriftSeconds) return second;
  throw invalidArgument(
    `time: TIME must be at most ${maxThriftSeconds}, got ${second}`,
  );
}
