import { Buffer } from "node:buffer";
import { maxDetailBytes } from "../core/outcome.ts";
import type { ActionResult } from "./action.ts";
import { clipHead } from "./clip_text.ts";

/** What Redis replied to one command. */
export type RedisReply = string | number | null | Error | readonly RedisReply[];

/**
 * What the replies to all commands of a plan mean for it. An error that is
 * about the server's state can pass, one about a command can't; with both, the
 * plan is not tried again.
 */
export function redisResult(replies: readonly RedisReply[]): ActionResult {
  const errors = replies.flatMap(errorsOf);
  if (errors.length === 0) {
    return { kind: "succeeded", detail: describe(replies) };
  }
  const own = errors.filter(({ message }) => !isConsequence(message));
  const [shown] = own.length > 0 ? own : errors;
  const lasting = own.find(({ message }) => !isPassing(message));
  const detail = clip((lasting ?? shown).message);
  return { kind: "failed", detail, retryable: lasting === undefined };
}

/** Whether an error is about the state that a server is in, not about a command. */
export function isPassing(message: string): boolean {
  const [code] = message.split(" ", 1);
  return passing.has(code) || message.startsWith(tooMany);
}

/** Whether a server says that it is no place to write to; its address may lead elsewhere by now. */
export function isReadOnly(reply: RedisReply): boolean {
  return errorsOf(reply).some(({ message }) => message.startsWith("READONLY"));
}

/** The first words of errors that tell of a server's state. */
const passing = new Set([
  ...["LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN"],
  ...["READONLY", "OOM", "MISCONF", "NOREPLICAS"],
]);
const tooMany = "ERR max number of clients reached";

/** EXEC only repeats that a command before it was refused. */
function isConsequence(message: string): boolean {
  return message.startsWith("EXECABORT");
}

function errorsOf(reply: RedisReply): readonly Error[] {
  if (reply instanceof Error) return [reply];
  // Those of a transaction are inside EXEC's reply.
  return Array.isArray(reply)
    ? reply.filter((inner) => inner instanceof Error)
    : [];
}

function describe(replies: readonly RedisReply[]): string {
  return clip(replies.map((reply) => show(reply)).join("\n"));
}

/** Lists inside `depth` others are left out, since they may be thousands. */
function show(reply: RedisReply, depth = 0): string {
  if (typeof reply === "string") return reply.slice(0, maxDetailBytes);
  if (reply === null) return "(nil)";
  if (typeof reply === "number") return String(reply);
  if (reply instanceof Error) return reply.message;
  if (depth === deepestShown) return "[…]";
  const few = reply.slice(0, maxShown).map((inner) => show(inner, depth + 1));
  return `[${few.join(", ")}${reply.length > maxShown ? ", …" : ""}]`;
}

const maxShown = 100;
const deepestShown = 20;

function clip(text: string): string {
  if (text.length * 3 <= maxDetailBytes) return text;
  return clipHead(Buffer.from(text.slice(0, maxDetailBytes)), maxDetailBytes);
}
