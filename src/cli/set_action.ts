import { actionNamed } from "../command/parse_plan.ts";
import { invalidArgument } from "../core/errors.ts";
import type { Params } from "../core/plan.ts";
import { quote } from "../core/quote.ts";

/** The flags of `forsun set` that say what. */
export interface ActionFlags {
  readonly shell?: string;
  readonly http?: string;
  readonly action?: string;
  readonly param?: readonly string[];
  readonly misfire?: string;
}

/**
 * The action that the flags ask for, and its params.
 * @throws {ForsunError} 1007 naming the flag
 */
export function readAction(
  flags: ActionFlags,
): { readonly action: string; readonly params: Params } {
  const { shell, http, action, misfire } = flags;
  const given = [shell, http, action].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw invalidArgument("set: give one of --shell, --http and --action");
  }
  const pairs: [name: string, value: string][] = [];
  if (shell !== undefined) pairs.push(["cmd", shell]);
  if (http !== undefined) pairs.push(["url", http]);
  pairs.push(...(flags.param ?? []).map(readPair));
  if (misfire !== undefined) pairs.push(["misfire", misfire]);
  checkNames(pairs.map(([name]) => name));
  const name = action ?? (shell === undefined ? "http" : "shell");
  return { action: actionNamed(name), params: Object.fromEntries(pairs) };
}

/** A flag's value is one pair as it stands: nothing in it needs quoting. */
function readPair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf("=");
  if (equals > 0) return [pair.slice(0, equals), pair.slice(equals + 1)];
  throw invalidArgument(`--param must be NAME=VALUE, got ${quote(pair)}`);
}

function checkNames(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw invalidArgument(`set: the param ${quote(twice)} is given twice`);
}
