import { createHash } from "node:crypto";
import { parseChallenges } from "./auth_challenge.ts";
import { byteString } from "./byte_string.ts";
import type { Credentials } from "./http_credentials.ts";

/** A server's wish for a digest (RFC 7616) that we can fulfil; its texts are byte strings. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server wrote it, which is how it is sent back; undefined means MD5. */
  readonly algorithm: string | undefined;
  /** Whether the server knows qop=auth; older ones (RFC 2069) don't. */
  readonly qop: boolean;
  readonly userhash: boolean;
}

/** What an answer is computed from besides the challenge. */
export interface DigestInput {
  readonly credentials: Pick<Credentials, "username" | "password">;
  readonly method: string;
  /** The path and query, as they are requested. */
  readonly uri: string;
  /** Printable ASCII that nobody can guess; the same for all answers to one nonce. */
  readonly cnonce: string;
  /** How often this nonce was answered, this time included. */
  readonly count: number;
}

/** Hash functions by algorithm, the best first. */
const hashes: Readonly<Record<string, string>> = {
  "sha-512-256": "sha512-256",
  "sha-256": "sha256",
  "md5": "md5",
};

/** The best challenge in a WWW-Authenticate header; undefined when there is none for us. */
export function digestChallenge(
  header: string | null,
): DigestChallenge | undefined {
  const found = parseChallenges(header ?? "").flatMap(({ scheme, params }) => {
    const nonce = params.get("nonce");
    const algorithm = params.get("algorithm");
    const qops = params.get("qop")?.toLowerCase().split(",").map((qop) =>
      qop.trim()
    );
    const rank = Object.keys(hashes).indexOf(hashOf(algorithm));
    if (scheme !== "digest" || nonce === undefined || rank < 0) return [];
    if (qops !== undefined && !qops.includes("auth")) return [];
    const challenge = {
      realm: params.get("realm") ?? "",
      nonce,
      opaque: params.get("opaque"),
      algorithm,
      qop: qops !== undefined,
      userhash: params.get("userhash")?.toLowerCase() === "true",
    };
    return [{ rank, challenge }];
  });
  return found.toSorted((a, b) => a.rank - b.rank).at(0)?.challenge;
}

/** The Authorization header that answers `challenge`. */
export function digestAuthorization(
  challenge: DigestChallenge,
  input: DigestInput,
): string {
  const { realm, nonce, opaque, algorithm, qop, userhash } = challenge;
  const { credentials, method, uri, cnonce } = input;
  const username = byteString(credentials.username);
  const hash = (...parts: readonly string[]) =>
    createHash(hashes[hashOf(algorithm)]).update(parts.join(":"), "latin1")
      .digest("hex");

  const nc = input.count.toString(16).padStart(8, "0");
  const secret = hash(username, realm, byteString(credentials.password));
  const isSession = algorithm?.toLowerCase().endsWith("-sess") ?? false;
  const a1 = isSession ? hash(secret, nonce, cnonce) : secret;
  const a2 = hash(method, uri);
  const response = qop
    ? hash(a1, nonce, nc, cnonce, "auth", a2)
    : hash(a1, nonce, a2);

  const fields = [
    userhash
      ? `username=${quoted(hash(username, realm))}`
      : usernameField(credentials.username),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response=${quoted(response)}`,
  ];
  if (algorithm !== undefined) fields.push(`algorithm=${algorithm}`);
  if (qop || isSession) fields.push(`cnonce=${quoted(cnonce)}`);
  if (qop) fields.push("qop=auth", `nc=${nc}`);
  if (opaque !== undefined) fields.push(`opaque=${quoted(opaque)}`);
  if (userhash) fields.push("userhash=true");
  return `Digest ${fields.join(", ")}`;
}

/** The name of the hash in an algorithm, in lower case. */
function hashOf(algorithm = "MD5"): string {
  return algorithm.toLowerCase().replace(/-sess$/, "");
}

/** RFC 7616, 3.4: other than ASCII takes the form of RFC 8187. */
function usernameField(username: string): string {
  if (/^[\x20-\x7e]*$/.test(username)) return `username=${quoted(username)}`;
  return `username*=UTF-8''${
    encodeURIComponent(username).replace(/[!'()*]/g, percentEncoded)
  }`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
