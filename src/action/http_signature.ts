import { createHash, createHmac } from "node:crypto";
import type { HttpMessage } from "./http_request.ts";

/** A secret that receivers share, and what both sides call it. */
export interface SigningKey {
  readonly id: string;
  readonly secret: string;
}

/** The header that {@link signature} is for. */
export const signatureHeader = "x-forsun-signature";

/**
 * `t=SECOND,ID=HEX`, with an ID=HEX for each key: the HMAC-SHA256 of the lines
 * `v1`, SECOND, the method, the URL as the plan has it, the values of
 * X-Forsun-Timestamp, X-Forsun-Key and X-Forsun-Attempt, and the SHA-256 of the
 * body in hexadecimal, with line feeds between them. SECOND is that of sending.
 */
export function signature(
  { method, url, headers, body }: HttpMessage,
  { keys, nowMs }: {
    readonly keys: readonly SigningKey[];
    readonly nowMs: number;
  },
): string {
  const second = Math.floor(nowMs / 1000);
  const text = [
    "v1",
    second,
    method,
    url.href,
    ...signedHeaders.map((name) => valueOf(headers, name)),
    body === undefined ? digestOfNothing : digestOf(body),
  ].join("\n");
  const marks = keys.map(({ id, secret }) =>
    `${id}=${createHmac("sha256", secret).update(text).digest("hex")}`
  );
  return [`t=${second}`, ...marks].join(",");
}

/**
 * Reads `ID:SECRET` or `ID SECRET`, one or two, on lines or between `;`; lines
 * that begin with `#` are comments.
 * @throws {Error} that says which is wrong, and never what it says
 */
export function parseSigningKeys(text: string): SigningKey[] {
  const entries = text.split(/[\r\n;]+/).map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (entries.length > 2) {
    throw new Error(`may have two keys, the new one and the old one`);
  }
  const keys = entries.map((entry, index) => {
    const [, id, secret] = /^([\w-]{1,32})(?::|\s+)(\S{16,})$/.exec(entry) ??
      [];
    if (id === undefined || id === "t") {
      throw new Error(
        `key ${index + 1} must be ID:SECRET with a secret of 16 characters`,
      );
    }
    return { id, secret };
  });
  if (keys.length === 2 && keys[0].id === keys[1].id) {
    throw new Error(`must have two different ids`);
  }
  return keys;
}

const signedHeaders = [
  "x-forsun-timestamp",
  "x-forsun-key",
  "x-forsun-attempt",
];

function valueOf(headers: HttpMessage["headers"], name: string): string {
  return headers.find(([other]) => other === name)?.[1] ?? "";
}

function digestOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

const digestOfNothing = digestOf(new Uint8Array());
