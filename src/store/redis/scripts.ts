import { createHash } from "node:crypto";
import call from "./lua/call.lua" with { type: "text" };
import claim from "./lua/claim.lua" with { type: "text" };
import hint from "./lua/hint.lua" with { type: "text" };
import lease from "./lua/lease.lua" with { type: "text" };
import occurrence from "./lua/occurrence.lua" with { type: "text" };
import peek from "./lua/peek.lua" with { type: "text" };
import plan from "./lua/plan.lua" with { type: "text" };
import put from "./lua/put.lua" with { type: "text" };
import read from "./lua/read.lua" with { type: "text" };
import remove from "./lua/remove.lua" with { type: "text" };
import run from "./lua/run.lua" with { type: "text" };
import settle from "./lua/settle.lua" with { type: "text" };
import tick from "./lua/tick.lua" with { type: "text" };
import tree from "./lua/tree.lua" with { type: "text" };

/** A Lua script, and the name under which Redis knows it once it has seen it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** The steps of partitions, any number of them in one call; see lua/call.lua. */
export const runScript: Script = createScript(
  ...[call, tree, plan, occurrence],
  ...[put, remove, read, peek, claim, settle, lease],
  run,
);

/** Reserves partitions that have something due; see lua/tick.lua. */
export const tickScript: Script = createScript(tick);

/** Says when partitions must be looked at; see lua/hint.lua. */
export const hintScript: Script = createScript(hint);

function createScript(...parts: readonly string[]): Script {
  const text = parts.join("\n");
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
