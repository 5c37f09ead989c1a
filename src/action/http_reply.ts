import { maxDetailBytes } from "../core/outcome.ts";
import { clipHead } from "./clip_text.ts";

/** So much of a body is read, in bytes, to keep the connection for the next request. */
const maxDrainedBytes = 65_536;

/**
 * What a reply says, in one text of at most {@link maxDetailBytes}:
 * `HTTP 503 Service Unavailable: ` and the beginning of the body. Of longer
 * bodies no more than 64 KiB is read. A body that breaks off is as good as a
 * short one, since the status is known.
 */
export async function describeReply(reply: Response): Promise<string> {
  const status = `HTTP ${reply.status} ${reply.statusText}`.trim();
  const body = await readHead(reply);
  const text = clipHead(body, maxDetailBytes - status.length - 2).trim();
  return text === "" ? status : `${status}: ${text}`;
}

/** Frees the connection of a reply whose body doesn't matter. */
export async function discardReply(reply: Response): Promise<void> {
  if (isShort(reply)) await readHead(reply);
  else await reply.body?.cancel();
}

/** The first bytes of the body, at least {@link maxDetailBytes} if it is that long. */
async function readHead(reply: Response): Promise<Uint8Array> {
  // Twice as fast as a stream, but without a limit of its own.
  if (isShort(reply)) return await reply.bytes().catch(() => new Uint8Array());
  const head = new Uint8Array(maxDetailBytes);
  let headLength = 0;
  const reader = reply.body?.getReader();
  if (reader === undefined) return head.subarray(0, 0);
  try {
    for (let drained = 0; drained < maxDrainedBytes;) {
      const { done, value } = await reader.read();
      if (done) return head.subarray(0, headLength);
      const kept = value.subarray(0, head.length - headLength);
      head.set(kept, headLength);
      headLength += kept.length;
      drained += value.length;
    }
    await reader.cancel();
  } catch {
    // Broken off or out of time; what came is enough.
  }
  return head.subarray(0, headLength);
}

/** Whether all of the body, as it is read, is known to be of a small size. */
function isShort({ headers }: Response): boolean {
  const length = headers.get("content-length");
  return length !== null && Number(length) <= maxDrainedBytes &&
    headers.get("content-encoding") === null;
}
