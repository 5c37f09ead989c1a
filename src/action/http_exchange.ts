import { digestChallenge } from "./digest_auth.ts";
import {
  digestSession,
  type DigestSessions,
  nextAuthorization,
} from "./digest_sessions.ts";
import type { Credentials } from "./http_credentials.ts";
import type { HttpLimits } from "./http_limits.ts";
import { discardReply } from "./http_reply.ts";
import type { HttpMessage } from "./http_request.ts";
import { signatureHeader } from "./http_signature.ts";
import type { TargetGuard } from "./target_guard.ts";
import { maxRedirects, redirected, RedirectError } from "./http_redirect.ts";

export interface ExchangeOptions {
  readonly client: Deno.HttpClient;
  readonly digests: DigestSessions;
  readonly limits: HttpLimits;
  /** Keeps from addresses that are forbidden. */
  readonly guard?: TargetGuard;
  /** Makes the signature of a message that is about to be sent, if there is to be one; for the server that the first goes to. */
  readonly sign?: (message: HttpMessage) => string;
  /** For the server that the first message goes to. */
  readonly digest: Credentials | undefined;
}

/**
 * Sends `message`, follows redirections and answers a server that asks for a
 * digest. Once a redirection has led to another server nothing is signed or
 * answered any more, back at the first one neither: others say what is asked
 * of it. Resolves with the head of the last reply.
 * @throws {RedirectError} when a redirection can't be followed
 * @throws {TypeError} when there is no reply
 */
export async function exchange(
  message: HttpMessage,
  options: ExchangeOptions,
): Promise<Response> {
  let sent = message;
  let trusted = options;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    if (sent.url.origin !== message.url.origin) {
      trusted = { ...options, sign: undefined, digest: undefined };
    }
    const { digest } = trusted;
    const reply = digest === undefined
      ? await send(sent, trusted)
      : await sendWithDigest(sent, { ...trusted, credentials: digest });
    const next = redirected(sent, reply);
    if (next === undefined) return reply;
    await discardReply(reply);
    sent = next;
  }
  throw new RedirectError(`redirected more than ${maxRedirects} times`);
}

/** At most two round trips, and one where the last challenge still holds. */
async function sendWithDigest(
  message: HttpMessage,
  options: ExchangeOptions & { readonly credentials: Credentials },
): Promise<Response> {
  const { credentials, digests } = options;
  const known = digests.get(message.url, credentials);
  const guess = known === undefined
    ? message
    : authorized(message, nextAuthorization(known, { message, credentials }));
  const first = await send(guess, options);
  if (first.status !== 401) return first;
  digests.forget(message.url, credentials);
  const challenge = digestChallenge(first.headers.get("www-authenticate"));
  if (challenge === undefined) return first;

  await discardReply(first);
  const session = digestSession(challenge);
  const authorization = nextAuthorization(session, { message, credentials });
  const second = await send(authorized(message, authorization), options);
  if (second.status !== 401) digests.keep(message.url, credentials, session);
  return second;
}

function authorized(message: HttpMessage, authorization: string): HttpMessage {
  const others = message.headers.filter(([name]) => name !== "authorization");
  return { ...message, headers: [...others, ["authorization", authorization]] };
}

async function send(
  { url, method, headers, body }: HttpMessage,
  { client, limits, sign, guard }: ExchangeOptions,
): Promise<Response> {
  await limits.sending(url);
  const mark = sign?.({ url, method, headers, body });
  // For a clear word; who connects checks again.
  if (guard?.isOn) await guard.resolve(url.hostname);
  const reply = await fetch(url.href, {
    client,
    method,
    headers: mark === undefined
      ? [...headers]
      : [...headers, [signatureHeader, mark]],
    body,
    redirect: "manual",
    signal: limits.signal,
  });
  limits.replied();
  return reply;
}
