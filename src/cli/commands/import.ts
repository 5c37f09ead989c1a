import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { invalidArgument } from "../../core/errors.ts";
import { osReason } from "../../core/os_reason.ts";
import { quote } from "../../core/quote.ts";
import { systemTimeZone } from "../../core/system_time_zone.ts";
import { currentSecond } from "../../core/time.ts";
import {
  type ClockOffset,
  readClockOffset,
  zoneClockOffset,
} from "../../core/clock_offset.ts";
import type { OldSource } from "../../migration/old_source.ts";
import { openByteSource } from "../byte_source.ts";
import { withClientFlags } from "../client_command.ts";
import { openSession } from "../client_flags.ts";
import type { ProgramContext } from "../program_context.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";

/** `forsun import`: plans from elsewhere into the daemon that runs. */
export function importCommand(context: ProgramContext): CommandUnknownOpts {
  return withClientFlags(new Command("import"))
    .description("import plans: lines, or those of the first daemon")
    .argument(
      "[FILE]",
      "lines, - for standard input, or the first daemon's dump",
    )
    .option("--redis <URL>", "import from the first daemon's Redis instead")
    .option(
      "--prefix <TEXT>",
      `what its keys there begin with (default: ${defaultPrefix})`,
    )
    .option("--server-id <N>", "its number there (default: 0)")
    .option(
      "--clock-offset <SECONDS>",
      "add so much to its seconds, also as +HH:MM (default: this zone's standard time)",
    )
    .option("--replace", "replace plans whose keys exist, instead of keeping")
    .option("--dry-run", "print what would be imported, and change nothing")
    .addHelpText("after", examples)
    .action(async (file, { dryRun, replace, clockOffset, ...flags }) => {
      const { terminal } = context;
      checkRedisFlags(flags);
      const givenOffset = clockOffset === undefined
        ? undefined
        : readOffset(clockOffset);
      if (
        file !== undefined && flags.redis === undefined && await hasLines(file)
      ) {
        if (givenOffset !== undefined) {
          throw invalidArgument(
            "--clock-offset is for the first daemon's plans only",
          );
        }
        using session = openSession({ ...context.flags(), ...flags }, terminal);
        context.status = await importFrom(file, session, { dryRun, replace });
        return;
      }
      const offset = givenOffset ?? ownOffset(terminal);
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

/** A file that the first daemon's can't be. */
async function hasLines(path: string): Promise<boolean> {
  if (path === "-") return true;
  const { looksLikeDump } = await import("../../migration/old_dump.ts");
  try {
    using file = await Deno.open(path);
    const start = new Uint8Array(2);
    const length = await file.read(start) ?? 0;
    return length > 0 && !looksLikeDump(start.subarray(0, length));
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** Returns the exit status. */
async function importFrom(
  path: string,
  session: Session,
  { dryRun = false, replace = false }: {
    readonly dryRun: boolean | undefined;
    readonly replace: boolean | undefined;
  },
): Promise<number> {
  if (dryRun) {
    throw invalidArgument("--dry-run is for the first daemon's plans only");
  }
  using source = await openByteSource(path);
  const { importLines } = await import("../import_lines.ts");
  const report = await importLines(source, session, { replace });
  const { created, over, refused } = report;
  const done = over > 0 ? `, ${over} over` : "";
  session.terminal.print(
    session.options.isJson
      ? JSON.stringify(report)
      : `created ${created} plans, refused ${refused}${done}`,
  );
  return refused > 0 ? 1 : 0;
}

interface RedisFlags {
  readonly redis?: string;
  readonly prefix?: string;
  readonly serverId?: string;
}

function checkRedisFlags({ redis, prefix, serverId }: RedisFlags): void {
  if (redis !== undefined) return;
  if (prefix !== undefined) throw invalidArgument("--prefix needs --redis");
  if (serverId !== undefined) {
    throw invalidArgument("--server-id needs --redis");
  }
}

async function openSource(
  file: string | undefined,
  { redis, prefix = defaultPrefix, serverId = "0" }: RedisFlags,
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
    throw invalidArgument(`import: ${file} has no plans`);
  }
  return dump.openOldDump(file, bytes);
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function cannotRead(path: string, cause: unknown): Error {
  return new Error(`Cannot read ${path}: ${osReason(cause)}`, { cause });
}

const defaultPrefix = "forsun";

/** It may hold a password, so that it is not repeated. */
function checkUrl(url: string): string {
  const isRedis = /^rediss?:\/\/[^/?#]+(\/\d*)?$/.test(url);
  if (isRedis && URL.parse(url)?.hostname) return url;
  throw invalidArgument(
    "--redis must be redis://USER:PASSWORD@HOST:PORT/DB, or rediss://, with a number for DB",
  );
}

function readServerId(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidArgument(
    `--server-id must be a whole number, got ${quote(text)}`,
  );
}

function ownOffset({ timeZone, clock }: Terminal): ClockOffset {
  return zoneClockOffset(timeZone ?? systemTimeZone(), currentSecond(clock));
}

function readOffset(text: string): ClockOffset {
  const seconds = readClockOffset(text);
  if (seconds !== undefined) return { seconds, origin: "--clock-offset" };
  throw invalidArgument(
    `--clock-offset must be seconds or +HH:MM, up to 15 hours, got ${
      quote(text)
    }`,
  );
}

const examples = `
Each line is a plan: an object as POST /v1/plans takes it, or
KEY SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS. What export printed goes
on where it was, but what is over does not come back; where its key exists, only
with --replace. Lines that are refused are told, the others created.
Plans keep their next occurrence and how often they ran. Those that make no
sense here are named and passed over; the exit status is then 1.

Examples:
  forsun import plans.ndjson
  forsun --host old export | forsun --host new import -
  forsun import --dry-run ~/.forsun.dump
  forsun import ~/.forsun.dump --clock-offset +08:00
  forsun import --redis redis://127.0.0.1:6379/0 --prefix forsun`;
