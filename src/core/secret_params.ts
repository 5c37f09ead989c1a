import { maskUrls } from "./mask_urls.ts";
import type { Params } from "./plan.ts";

/** What is shown in the place of a secret value. */
export const secretMask = "***";

/**
 * Whether the value of the param `name` is not for every eye: passwords,
 * tokens, and the headers that carry them.
 */
export function isSecretParam(name: string): boolean {
  return secretName.test(name);
}

/**
 * The params as everyone may see them: secret ones masked, and so are the
 * secrets of URLs ({@link maskUrls}) and the secret variables of `env`. The
 * params themselves when there is nothing to mask.
 */
export function maskParams(params: Params): Params {
  let masked: Record<string, string> | undefined;
  for (const name in params) {
    const value = params[name];
    const shown = maskSecrets(name, value);
    if (shown === value) continue;
    masked ??= { ...params };
    masked[name] = shown;
  }
  return masked ?? params;
}

/**
 * The value of the param `name` as everyone may see it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(maskSecrets("password", "hunter2"), "***");
 * assert.equal(
 *   maskSecrets("url", "http://me:hunter2@localhost/"),
 *   "http://me:***@localhost/",
 * );
 * ```
 */
export function maskSecrets(name: string, value: string): string {
  if (value === "") return value;
  if (isSecretParam(name)) return secretMask;
  if (name === "env") return maskVariables(value);
  return maskUrls(value, urlSecrets);
}

/** The name of a param whose secret is a mask, as who copies what was shown would send it. */
export function findMask(params: Params): string | undefined {
  return Object.keys(params).find((name) => hasMask(name, params[name]));
}

/** Whether `value` is what {@link maskSecrets} made of a secret. */
export function hasMask(name: string, value: string): boolean {
  if (!value.includes(secretMask)) return false;
  const other = value.replaceAll(secretMask, "x");
  return maskSecrets(name, value) === value &&
    maskSecrets(name, other) !== other;
}

const secretName =
  /passw(or)?d|passphrase|secret|token|credential|api[-_]?key|^header_((proxy-)?authorization|cookie)$/i;

const urlSecrets = { mask: secretMask, isSecretName: isSecretParam };

function maskVariables(pairs: string): string {
  return pairs.split(";").map((pair) => {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, equals));
    const value = pair.slice(equals + 1);
    return isSecretParam(name.trim())
      ? `${name}=${secretMask}`
      : `${pair.slice(0, equals + 1)}${maskUrls(value, urlSecrets)}`;
  }).join(";");
}
