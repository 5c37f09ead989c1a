// Verifies the signature of a callback from forsun. Needs Node or Deno alone.
// deno-lint-ignore-file explicit-module-boundary-types -- JavaScript has no types
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether a request was signed with one of `keys`, {id: secret}, just now.
 *
 * `url` is what the plan says: put it together from the public address of this
 * receiver and the request's path and query. `headers` has lower-case names,
 * `body` is a Buffer.
 */
export function isGenuine(
  keys,
  { method, url, headers, body, maxSeconds = 300 },
) {
  const parts = (headers["x-forsun-signature"] ?? "").split(",");
  const marks = new Map(parts.map((part) => part.split("=", 2)));
  const sentAt = marks.get("t") ?? "";
  const age = Math.abs(Date.now() / 1000 - Number(sentAt));
  if (!/^\d+$/.test(sentAt) || age > maxSeconds) return false;
  const text = [
    "v1",
    sentAt,
    method,
    url,
    headers["x-forsun-timestamp"] ?? "",
    headers["x-forsun-key"] ?? "",
    headers["x-forsun-attempt"] ?? "",
    createHash("sha256").update(body).digest("hex"),
  ].join("\n");
  return Object.entries(keys).some(([id, secret]) => {
    const expected = createHmac("sha256", secret).update(text).digest();
    const given = Buffer.from(marks.get(id) ?? "", "hex");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
