import { invalidArgument } from "../core/errors.ts";
import type { Params } from "../core/plan.ts";
import { quote } from "../core/quote.ts";
import { type GarbledPair, type ParamPair, readPairs } from "./param_pair.ts";
import { quoteText } from "./quoted_text.ts";
import {
  hasMask,
  isSecretParam,
  maskSecrets,
  secretMask,
} from "../core/secret_params.ts";

/** What counts as a name without quotes in everything that is written here. */
export const plainName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

export interface FormatParamsOptions {
  /** Prints passwords and the like instead of `***`; false unless given. */
  readonly showSecrets?: boolean;
}

/**
 * Reads `name=value` pairs separated by `;`, in their order, by the rules of
 * {@link readPairs}. Positions in errors count from 1.
 *
 * @throws {ForsunError} 1007 at something that isn't a pair, at a name that
 * comes twice, and at the mask that {@link formatParams} prints for a secret
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const params = parseParams("url='http://localhost/';body='a;b'");
 * assert.deepEqual(params, { url: "http://localhost/", body: "a;b" });
 * ```
 */
export function parseParams(text: string): Params {
  const params = new Map<string, string>();
  let previous: ParamPair | undefined;
  for (const pair of readPairs(text)) {
    if (pair.kind === "garbled") throw garbledError(pair, previous);
    if (params.has(pair.name)) {
      throw invalidArgument(
        `PARAMS has ${quote(pair.name)} twice, again at ${pair.start + 1}`,
      );
    }
    if (isMasked(pair)) {
      throw invalidArgument(
        `PARAMS needs the real ${quote(pair.name)}, got the mask ${secretMask}`,
      );
    }
    params.set(pair.name, pair.value);
    previous = pair;
  }
  return Object.fromEntries(params);
}

/**
 * `name='value';…` on one line; {@link parseParams} gives the same params back,
 * unless secrets were masked, which it refuses.
 */
export function formatParams(
  params: Params,
  { showSecrets = false }: FormatParamsOptions = {},
): string {
  const pairs = Object.entries(params).map(([name, value]) => {
    const shownName = plainName.test(name) ? name : quoteText(name, "'");
    const shown = showSecrets ? value : maskSecrets(name, value);
    const isMask = !showSecrets && isSecretParam(name);
    return `${shownName}=${isMask ? secretMask : quoteText(shown, "'")}`;
  });
  return pairs.join(";");
}

function isMasked({ name, value, isValueQuoted }: ParamPair): boolean {
  // Who quotes the mask of a password means it.
  const isMeant = isValueQuoted && isSecretParam(name);
  return !isMeant && hasMask(name, value);
}

/** The text behind an unquoted password may be the rest of it. */
function garbledError(garbled: GarbledPair, previous: ParamPair | undefined) {
  const isSecret = previous !== undefined && isSecretParam(previous.name);
  const got = isSecret ? secretMask : quote(garbled.text);
  return invalidArgument(
    `PARAMS must be name=value pairs separated by ";", got ${got} at ${
      garbled.start + 1
    }; quote a value that has a ";"`,
  );
}
