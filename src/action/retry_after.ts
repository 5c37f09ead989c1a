/** The longest wait that a receiver may ask for, in seconds: a day. */
const maxRetryAfterSeconds = 86_400;

/**
 * The wait in whole seconds that a Retry-After header asks for, as a number of
 * seconds or as an HTTP date (RFC 9110, 10.2.3): 0 to a day, undefined when it
 * is absent or neither of the two. `nowMs` is the wall time.
 */
export function retryAfterSeconds(
  value: string | null,
  nowMs: number,
): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text), maxRetryAfterSeconds);
  if (!httpDate.test(text)) return undefined;
  const seconds = Math.ceil((Date.parse(text) - nowMs) / 1000);
  return Number.isNaN(seconds)
    ? undefined
    : Math.min(Math.max(seconds, 0), maxRetryAfterSeconds);
}

/** The one form that is still in use: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const httpDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
