import { digestAuthorization, type DigestChallenge } from "./digest_auth.ts";
import type { Credentials } from "./http_credentials.ts";
import type { HttpMessage } from "./http_request.ts";

/** A challenge that is being answered; the count of answers goes up with each. */
export interface DigestSession {
  readonly challenge: DigestChallenge;
  readonly cnonce: string;
  count: number;
}

/** How many challenges are remembered; the oldest are forgotten first. */
const maxSessions = 1000;

/** A session that answers `challenge`, not used yet. */
export function digestSession(challenge: DigestChallenge): DigestSession {
  return {
    challenge,
    cnonce: crypto.getRandomValues(new Uint8Array(16)).toHex(),
    count: 0,
  };
}

/** The Authorization header for `message`; counts. */
export function nextAuthorization(
  session: DigestSession,
  { message, credentials }: {
    readonly message: HttpMessage;
    readonly credentials: Credentials;
  },
): string {
  session.count++;
  return digestAuthorization(session.challenge, {
    credentials,
    method: message.method,
    uri: message.url.pathname + message.url.search,
    cnonce: session.cnonce,
    count: session.count,
  });
}

/**
 * Remembers the challenges that servers accepted an answer to, so that the next
 * request can answer before it is asked.
 */
export class DigestSessions {
  readonly #sessions = new Map<string, DigestSession>();

  get(url: URL, { username }: Credentials): DigestSession | undefined {
    return this.#sessions.get(sessionKey(url, username));
  }

  keep(url: URL, { username }: Credentials, session: DigestSession): void {
    const key = sessionKey(url, username);
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size <= maxSessions) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      break;
    }
  }

  forget(url: URL, { username }: Credentials): void {
    this.#sessions.delete(sessionKey(url, username));
  }
}

function sessionKey(url: URL, username: string): string {
  return `${url.origin} ${username}`;
}
