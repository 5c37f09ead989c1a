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
