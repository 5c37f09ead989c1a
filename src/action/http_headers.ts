import type { Params } from "../core/plan.ts";
import { maskSecrets } from "../core/secret_params.ts";
import type { Call } from "./action.ts";
import { byteString } from "./byte_string.ts";
import type { ParamReader } from "./params.ts";

/** A header's name and value, as fetch takes them: each character stands for a byte. */
export type Header = [name: string, value: string];

const paramPrefix = "header_";
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** They are ours or follow from the body; what a plan says about them is ignored. */
const ignoredNames: ReadonlySet<string> = new Set([
  "content-length",
  "transfer-encoding",
  "x-forsun-attempt",
  "x-forsun-key",
  "x-forsun-signature",
  "x-forsun-timestamp",
]);

/**
 * The headers that the params `header_NAME` ask for, names in lower case. Host
 * replaces the URL's; Content-Length, Transfer-Encoding and those of
 * {@link callHeaders} are ignored.
 * @throws {ForsunError} 1007 for a name or a value that no header can have
 */
export function readHeaders(
  read: ParamReader,
  params: Params,
): readonly Header[] {
  const headers: Header[] = [];
  for (const param of Object.keys(params)) {
    if (!param.startsWith(paramPrefix)) continue;
    const name = param.slice(paramPrefix.length).toLowerCase();
    if (!headerName.test(name)) {
      throw read.refusal(param, "has a name that no header can have");
    }
    if (!ignoredNames.has(name)) {
      headers.push([name, readHeaderValue(read, param) ?? ""]);
    }
  }
  return headers;
}

/**
 * The text of `param` as a header's value, what isn't ASCII as UTF-8.
 * @throws {ForsunError} 1007 when it holds control characters
 */
export function readHeaderValue(
  read: ParamReader,
  param: string,
): string | undefined {
  const value = read.optional(param);
  if (value === undefined) return undefined;
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw read.refusal(param, "must be one line without control characters");
  }
  return byteString(value);
}

/** Whether a header, its name in lower case, would be masked as the param that asks for it. */
export function isSecretHeader([name, value]: Header): boolean {
  return maskSecrets(paramPrefix + name, value) !== value;
}

/**
 * What tells one execution from another. X-Forsun-Key holds the key with
 * everything but visible ASCII, and the percent sign, percent-encoded as UTF-8:
 * any percent-decoder (decodeURIComponent) gives the key back.
 */
export function callHeaders({ key, second, attempt }: Call): readonly Header[] {
  return [
    ["x-forsun-timestamp", String(second)],
    ["x-forsun-key", headerSafe(key)],
    ["x-forsun-attempt", String(attempt)],
  ];
}

function headerSafe(key: string): string {
  return key.toWellFormed().replace(
    /[^\x21-\x24\x26-\x7e]+/g,
    encodeURIComponent,
  );
}
