import { type Header, isSecretHeader } from "./http_headers.ts";
import { type HttpMessage, stripUrl } from "./http_request.ts";

/** A redirection that can't be followed. */
export class RedirectError extends Error {
  override readonly name = "RedirectError";
}

/** How many redirections are followed, as in the Fetch standard. */
export const maxRedirects = 20;

const redirectStatuses: ReadonlySet<number> = new Set([
  301,
  302,
  303,
  307,
  308,
]);
const bodyHeaders: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
]);
/**
 * The message that `reply` to `sent` redirects to; undefined when it doesn't.
 * Methods and bodies change as the Fetch standard says; another server gets no
 * Host and no header that holds a secret.
 * @throws {RedirectError} when the target is no http or https URL
 */
export function redirected(
  sent: HttpMessage,
  reply: Response,
): HttpMessage | undefined {
  const location = reply.headers.get("location");
  if (location === null || !redirectStatuses.has(reply.status)) {
    return undefined;
  }
  const url = URL.parse(location, sent.url);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new RedirectError("redirected to what is no http or https URL");
  }
  stripUrl(url);

  const becomesGet = reply.status === 303
    ? sent.method !== "HEAD"
    : reply.status <= 302 && sent.method === "POST";
  const leavesOrigin = url.origin !== sent.url.origin;
  const headers = sent.headers.filter((header) =>
    !(becomesGet && bodyHeaders.has(header[0])) &&
    !(leavesOrigin && isForOneServer(header))
  );
  return becomesGet
    ? { url, method: "GET", headers, body: undefined }
    : { url, method: sent.method, headers, body: sent.body };
}

/** What was meant for one server must not reach another. */
function isForOneServer(header: Header): boolean {
  return header[0] === "host" || isSecretHeader(header);
}
