/** What is printed in the place of a secret value. */
export const secretMask = "***";

/**
 * Whether the value of the param `name` is not for every eye: passwords,
 * tokens, and the headers that carry them.
 */
export function isSecretParam(name: string): boolean {
  return /passw(or)?d|secret|token|^header_((proxy-)?authorization|cookie|x-api-key)$/i
    .test(name);
}

/** `value` of the param `name` for every eye: passwords are masked, also those in URLs. */
export function maskSecrets(name: string, value: string): string {
  if (isSecretParam(name)) return secretMask;
  return value.replace(urlPassword, `$1${secretMask}@`);
}

/** Whether `value` is what {@link maskSecrets} made of a URL with a password. */
export function hasMaskedUrl(value: string): boolean {
  return maskedUrl.test(value);
}

/** Up to the last @ before the path, as URL parsers take it. */
const urlPassword = /(:\/\/[^\s/?#:@]*:)[^\s/?#]*@/g;
const maskedUrl = /:\/\/[^\s/?#:@]*:\*\*\*@/;
