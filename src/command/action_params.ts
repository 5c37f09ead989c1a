import type { Params } from "../core/plan.ts";
import { readPairs } from "./param_pair.ts";
import { parseParams, plainName } from "./params_text.ts";

/** The param that a PARAMS without it stands for. */
const wholeTextParams: ReadonlyMap<string, string> = new Map([
  ["shell", "cmd"],
  ["http", "url"],
]);

/**
 * Reads the PARAMS of `action`: pairs, or for shell and http the command or
 * URL itself.
 *
 * Text counts as pairs when, read from the left, it comes to a `cmd=` (or
 * `url=`) before anything that isn't a pair whose name is quoted or made of
 * letters, digits, `_` and `-`. What is wrong behind that is then an error, not
 * a command. So these are commands and URLs: `ls -l | wc -l`, `FOO=1 make`,
 * `make; cmd=2`, `http://x/?url=3`, `http://x/?a=1;url=3`; these are pairs:
 * `cwd=/;cmd=ls`, and also `FOO=1 make; cmd=2`, whose command reading needs to be
 * written `cmd='FOO=1 make; cmd=2'`. Blank text is no params at all.
 *
 * @throws {ForsunError} 1007, see {@link parseParams}
 */
export function parseActionParams(action: string, text: string): Params {
  const name = wholeTextParams.get(action);
  const isWhole = name !== undefined && !hasParam(text, name) &&
    text.trim() !== "";
  return isWhole ? { [name]: text } : parseParams(text);
}

function hasParam(text: string, name: string): boolean {
  for (const pair of readPairs(text)) {
    if (pair.kind === "garbled") return false;
    if (!pair.isNameQuoted && !plainName.test(pair.name)) return false;
    if (pair.name === name) return true;
  }
  return false;
}
