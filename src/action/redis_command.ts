import { Buffer } from "node:buffer";
import { encodeText, isUnicode, textBound } from "../core/text.ts";
import { tokenize, type Word } from "../command/tokenizer.ts";
import type { ParamReader } from "./params.ts";

/** One command for Redis. */
export interface RedisCommand {
  /** In capitals. */
  readonly name: string;
  /** Buffers where bytes are not UTF-8. */
  readonly args: readonly (string | Buffer)[];
}

/**
 * Reads the param `command`: commands in the quoting of the command language,
 * separated by `;`.
 * @throws {ForsunError} 1007, when one can't be read or could never be answered
 */
export function readRedisCommands(
  reader: ParamReader,
): readonly RedisCommand[] {
  const commands: RedisCommand[] = [];
  for (const { words } of tokenize(reader.required("command"))) {
    if (words.length === 0) continue;
    const open = words.find(({ closed }) => !closed);
    if (open !== undefined) {
      throw reader.refusal(
        "command",
        `has a quote at ${open.start + 1} that is not closed`,
      );
    }
    commands.push(toCommand(words));
  }
  if (commands.length === 0) {
    throw reader.refusal("command", "must have a command");
  }
  checkNames(commands, reader);
  checkTransactions(commands, reader);
  return commands;
}

/**
 * Whether the commands change what the connection is for those who come after
 * them, or keep it busy until something else happens: then they need one of
 * their own.
 */
export function needOwnConnection(commands: readonly RedisCommand[]): boolean {
  return commands.some(({ name }) => stateful.has(name) || blocking.has(name));
}

/** Their replies come when they like, more than one, or never. */
const unanswered = new Set([
  ...["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"],
  ...["UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"],
  ...["MONITOR", "SYNC", "PSYNC", "REPLCONF", "HELLO", "QUIT"],
]);

const transactional = new Set(["MULTI", "EXEC", "DISCARD"]);

const stateful = new Set([
  ...["SELECT", "AUTH", "RESET", "CLIENT", "WATCH", "UNWATCH"],
  ...["ASKING", "READONLY", "READWRITE"],
  // Who is not allowed to use it stays in the transaction.
  "DISCARD",
]);

const blocking = new Set([
  ...["BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP"],
  ...["BZPOPMIN", "BZPOPMAX", "BZMPOP", "XREAD", "XREADGROUP"],
  ...["WAIT", "WAITAOF"],
]);

function toCommand([first, ...rest]: readonly Word[]): RedisCommand {
  return {
    name: first.value.toUpperCase(),
    args: rest.map(({ value }) => toArgument(value)),
  };
}

function toArgument(text: string): string | Buffer {
  if (isUnicode(text)) return text;
  const bytes = Buffer.alloc(textBound(text));
  return bytes.subarray(0, encodeText(text, bytes, 0));
}

function checkNames(
  commands: readonly RedisCommand[],
  reader: ParamReader,
): void {
  for (const { name, args } of commands) {
    if (!/^[A-Z][A-Z0-9._-]*$/.test(name)) {
      throw reader.refusal("command", "must begin with a command's name", name);
    }
    const isSilent = isCall(name, args, "CLIENT REPLY") ||
      isCall(name, args, "SCRIPT DEBUG");
    if (unanswered.has(name) || isSilent) {
      throw reader.refusal(
        "command",
        "must be one that Redis replies to",
        name,
      );
    }
  }
}

/** Whether it is a command of two words, whatever follows. */
function isCall(
  name: string,
  [first]: readonly (string | Buffer)[],
  words: string,
): boolean {
  return `${name} ${String(first).toUpperCase()}` === words;
}

/**
 * An open transaction would swallow the commands of other plans, and one whose
 * end Redis refuses stays open.
 */
function checkTransactions(
  commands: readonly RedisCommand[],
  reader: ParamReader,
): void {
  let isOpen = false;
  for (const { name, args } of commands) {
    if (!transactional.has(name)) continue;
    if (args.length > 0) {
      throw reader.refusal("command", `must give ${name} no arguments`);
    }
    if (isOpen === (name === "MULTI")) {
      const mustBe = isOpen
        ? "must end its MULTI before another"
        : `must have a MULTI before its ${name}`;
      throw reader.refusal("command", mustBe);
    }
    isOpen = name === "MULTI";
  }
  if (isOpen) throw reader.refusal("command", "must end its MULTI with EXEC");
}
