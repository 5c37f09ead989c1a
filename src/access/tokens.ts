import { createHash, timingSafeEqual } from "node:crypto";
import type { Role } from "./role.ts";

/** A secret that whoever has it gets `role` for; only its digest is kept. */
export interface Token {
  readonly role: Role;
  /** What the log calls it; empty for none. */
  readonly name: string;
  readonly digest: Uint8Array;
}

/**
 * Reads tokens: lines, or parts between `;`, of `ROLE TOKEN [NAME]` or
 * `ROLE:TOKEN`; lines that begin with `#` are comments. For the token itself its
 * digest may stand, as `sha256:` and 64 hexadecimal digits.
 * @throws {Error} with the number of the line, and never what it says
 */
export function parseTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [index, line] of text.split(/[\r\n;]+/).entries()) {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) continue;
    tokens.push(parseToken(content, index + 1));
  }
  return tokens;
}

/**
 * The one of `tokens` that `text` is. How long it takes tells nothing of them
 * but their number.
 */
export function findToken(
  tokens: readonly Token[],
  text: string,
): Token | undefined {
  const digest = digestOf(text);
  let found: Token | undefined;
  for (const token of tokens) {
    if (timingSafeEqual(token.digest, digest)) found = token;
  }
  return found;
}

/** What a bearer token may consist of (RFC 6750, section 2.1). */
const tokenForm =
  /^(read|write|admin)(?::|\s+)(?:sha256:([0-9a-fA-F]{64})|([\w.~+/-]+=*))(?:\s+(\S+))?$/;

/** A token of fewer characters could be guessed. */
const minToken = 16;

function parseToken(content: string, number: number): Token {
  const match = tokenForm.exec(content);
  if (match === null) {
    throw new Error(
      `entry ${number} must be ROLE TOKEN [NAME] with a role of read, write or admin`,
    );
  }
  const [, role, digest, token = "", name = ""] = match;
  if (digest === undefined && token.length < minToken) {
    throw new Error(
      `entry ${number} has a token of ${token.length} characters, it needs ${minToken}`,
    );
  }
  return {
    role: role as Role,
    name,
    digest: digest === undefined
      ? digestOf(token)
      : Uint8Array.fromHex(digest.toLowerCase()),
  };
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
