import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { invalidArgument } from "../../core/errors.ts";
import { osReason } from "../../core/os_reason.ts";
import { quote } from "../../core/quote.ts";
import { currentSecond } from "../../core/time.ts";
import {
  type ClockOffset,
  readClockOffset,
  zoneClockOffset,
} from "../../core/clock_offset.ts";
import type { OldSource } from "../../migration/old_source.ts";
import { withClientFlags } from "../client_command.ts";
import { openSession } from "../client_flags.ts";
import type { ProgramContext } from "../program_context.ts";
import type { Terminal } from "../terminal.ts";

/** `forsun import`: plans from elsewhere into the daemon that runs. */
export function importCommand(context: ProgramContext): CommandUnknownOpts {
  return withClientFlags(new Command("import"))
    .description("import plans, such as those of the first daemon")
    .argument("[FILE]", "the first daemon's dump")
    .option("--redis <URL>", "import from the first daemon's Redis instead")
    .option("--prefix <TEXT>", "what its keys there begin with", "forsun")
    .option("--server-id <N>", "its number there", "0")
    .option(
      "--clock-offset <SECONDS>",
      "add so much to its seconds, also as +HH:MM (default: this zone's standard time)",
    )
    .option("--replace", "replace plans whose keys exist, instead of keeping")
    .option("--dry-run", "print what would be imported, and change nothing")
    .addHelpText("after", examples)
    .action(async (file, { dryRun, replace, clockOffset, ...flags }) => {
      const { terminal } = context;
      const offset = toClockOffset(clockOffset, terminal);
      using session = openSession({ ...context.flags(), ...flags }, terminal);
      await using source = await openSource(file, flags);
      const { importOld } = await import("../import_old.ts");
      const succeeded = await importOld(source, session, {
        offset,
        replace: replace ?? false,
        isDryRun: dryRun ?? false,
      });
      context.status = succeeded ? 0 : 1;
    });
}

interface RedisFlags {
  readonly redis?: string;
  readonly prefix: string;
  readonly serverId: string;
}

async function openSource(
  file: string | undefined,
  { redis, prefix, serverId }: RedisFlags,
): Promise<OldSource> {
  if (redis !== undefined && file === undefined) {
    const { openOldRedis } = await import("../../migration/old_redis.ts");
    return await openOldRedis({
      url: checkUrl(redis),
      prefix,
      serverId: readServerId(serverId),
      timeoutMs: 10_000,
    });
  }
  if (file === undefined || redis !== undefined) {
    throw invalidArgument("import: give either FILE or --redis");
  }
  const dump = await import("../../migration/old_dump.ts");
  const bytes = await readFile(file);
  if (!dump.looksLikeDump(bytes)) {
    throw invalidArgument(`import: ${file} is no dump of the first daemon`);
  }
  return dump.openOldDump(file, bytes);
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${osReason(error)}`, {
      cause: error,
    });
  }
}

/** It may hold a password, so that it is not repeated. */
function checkUrl(url: string): string {
  const { protocol, hostname } = URL.parse(url) ?? {};
  if (/^rediss?:$/.test(protocol ?? "") && hostname) return url;
  throw invalidArgument("--redis must be redis://HOST:PORT/DB");
}

function readServerId(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidArgument(
    `--server-id must be a whole number, got ${quote(text)}`,
  );
}

function toClockOffset(
  text: string | undefined,
  { timeZone, clock }: Terminal,
): ClockOffset {
  if (text === undefined) {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return zoneClockOffset(timeZone ?? own, currentSecond(clock));
  }
  const seconds = readClockOffset(text);
  if (seconds !== undefined) return { seconds, origin: "--clock-offset" };
  throw invalidArgument(
    `--clock-offset must be seconds or +HH:MM, up to 15 hours, got ${
      quote(text)
    }`,
  );
}

const examples = `
Plans keep their next occurrence and how often they ran. Those that make no
sense here are named and passed over; the exit status is then 1.

Examples:
  forsun import --dry-run ~/.forsun.dump
  forsun import ~/.forsun.dump --clock-offset +08:00
  forsun import --redis redis://127.0.0.1:6379/0 --prefix forsun`;
