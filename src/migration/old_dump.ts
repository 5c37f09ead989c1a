import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { decodeText } from "../core/text.ts";
import { DumpError, MsgpackWalker } from "./msgpack_walker.ts";
import { type OldPlan, readOldPlan } from "./old_plan.ts";
import type { OldEntry, OldSource } from "./old_source.ts";

/** Whether a file could be a dump: it begins like a msgpack map of a few entries. */
export function looksLikeDump(bytes: Uint8Array): boolean {
  return bytes.length > 0 &&
    (bytes[0] > 0x80 && bytes[0] <= 0x8f ||
      bytes[0] === 0xde && bytes[1] === 0);
}

/**
 * Opens the dump of the first daemon: a msgpack map of plans, a list of packed
 * plans; time_plans, lists of keys by second; and current_time. What is behind
 * a place that can't be read is lost, what is before it is not.
 * @throws {Error} one line, when not even a part of it can be read
 */
export function openOldDump(path: string, bytes: Uint8Array): OldSource {
  const walker = new MsgpackWalker(bytes);
  const layout = findLayout(walker);
  const { plansAt, damage } = layout;
  if (plansAt === undefined) {
    const reason = damage?.message ?? "it has no list of plans";
    throw new Error(`Cannot read the plans of ${path}: ${reason}`);
  }
  const pending = readPending(walker, layout);
  return {
    name: path,
    currentTime: layout.currentTime,
    planCount: plansAt.count,
    path,
    entries: () => readEntries(walker, { path, plansAt, pending, damage }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

interface List {
  readonly at: number;
  readonly count: number;
}

interface Layout {
  plansAt?: List;
  timePlansAt?: List;
  currentTime?: number;
  /** What ended the search. */
  damage?: Error;
}

function findLayout(walker: MsgpackWalker): Layout {
  const layout: Layout = {};
  try {
    const top = walker.headAt(0);
    if (top.kind !== "map") {
      throw new DumpError(0, "no msgpack map begins here");
    }
    let at = top.at;
    for (let left = top.count; left > 0; left--) {
      const name = textOf(walker.bytesAt(at));
      at = walker.endOf(at);
      const head = walker.headAt(at);
      if (name === "plans" && head.kind === "array") layout.plansAt = head;
      if (name === "time_plans" && head.kind === "map") {
        layout.timePlansAt = head;
      }
      if (name === "current_time" && head.kind === "number") {
        layout.currentTime = head.value;
      }
      at = walker.endOf(at);
    }
  } catch (error) {
    layout.damage = error instanceof Error ? error : new Error(String(error));
  }
  return layout;
}

/**
 * The keys that were still to run, by second; undefined when that can't be read,
 * or can't be told from those that were yet to be listed.
 */
function readPending(
  walker: MsgpackWalker,
  { timePlansAt, currentTime, damage }: Layout,
): ReadonlyMap<number, ReadonlySet<string>> | undefined {
  if (timePlansAt === undefined || currentTime === undefined) return undefined;
  if (damage !== undefined) return undefined;
  const pending = new Map<number, Set<string>>();
  let { at } = timePlansAt;
  for (let left = timePlansAt.count; left > 0; left--) {
    const second = secondAt(walker, at);
    at = walker.endOf(at);
    const list = walker.headAt(at);
    const isKeys = list.kind === "array" || list.kind === "map";
    if (second === undefined || !isKeys) return undefined;
    const keys = new Set<string>();
    let keyAt = list.at;
    for (let rest = list.count; rest > 0; rest--) {
      const key = textOf(walker.bytesAt(keyAt));
      if (key !== undefined) keys.add(key);
      keyAt = walker.endOf(keyAt);
      // A map has keys of plans with something beside each.
      if (list.kind === "map") keyAt = walker.endOf(keyAt);
    }
    pending.set(second, keys);
    at = keyAt;
  }
  return pending;
}

/** A second, a number or its digits. */
function secondAt(walker: MsgpackWalker, at: number): number | undefined {
  const head = walker.headAt(at);
  if (head.kind === "number") return head.value;
  const text = textOf(walker.bytesAt(at)) ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

async function* readEntries(
  walker: MsgpackWalker,
  { path, plansAt, pending, damage }: {
    readonly path: string;
    readonly plansAt: List;
    readonly pending: ReadonlyMap<number, ReadonlySet<string>> | undefined;
    readonly damage: Error | undefined;
  },
): AsyncIterable<OldEntry> {
  let { at } = plansAt;
  for (let index = 0; index < plansAt.count; index++) {
    const place = `${path}: plan ${index + 1} at byte ${at}`;
    try {
      const start = at;
      at = walker.endOf(start);
      yield { kind: "plan", ...readAt(walker, start, pending) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const rest = plansAt.count - index - 1;
      const isEnd = error instanceof DumpError;
      yield {
        kind: "damage",
        place: isEnd ? `${path}: plan ${index + 1}` : place,
        reason: isEnd && rest > 0 ? `${reason}; ${rest} more are lost` : reason,
      };
      if (isEnd) return;
    }
    if (index % plansPerTurn === plansPerTurn - 1) await setImmediate();
  }
  if (damage !== undefined) {
    yield { kind: "damage", place: path, reason: damage.message };
  }
}

function readAt(
  walker: MsgpackWalker,
  at: number,
  pending: ReadonlyMap<number, ReadonlySet<string>> | undefined,
): { readonly plan: OldPlan; readonly isPending: boolean | undefined } {
  const packed = walker.bytesAt(at);
  if (packed === undefined) throw new Error("it is not a packed plan");
  const plan = readOldPlan(packed);
  const isPending = pending &&
    (pending.get(plan.nextTime)?.has(plan.key) ?? false);
  return { plan, isPending };
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const { buffer, byteOffset, length } = bytes;
  return decodeText(Buffer.from(buffer, byteOffset, length), 0, length);
}

/** So that a daemon that imports goes on answering. */
const plansPerTurn = 256;
