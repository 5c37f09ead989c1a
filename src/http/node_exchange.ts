import type { IncomingMessage, ServerResponse } from "node:http";

/** A request of node:http as the web has it, or the status of one that the web has not. */
export function toWebRequest(
  incoming: IncomingMessage,
  signal: AbortSignal,
): Request | number {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  if (method === "TRACE" || method === "TRACK") return 405;
  if (method === "OPTIONS" && url === "*") return 204;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at], rawHeaders[at + 1]);
  }
  const host = headers.get("host") ?? "localhost";
  const whole = url.startsWith("/") ? `http://${host}${url}` : url;
  if (!URL.canParse(whole)) return 400;
  const hasBody = headers.has("transfer-encoding") ||
    Number(headers.get("content-length") ?? 0) > 0;
  const body = hasBody && method !== "GET" && method !== "HEAD"
    ? bodyOf(incoming)
    : undefined;
  return new Request(whole, { method, headers, body, signal });
}

/**
 * The body, read as far as it is wanted. (Readable.toWeb() throws at nobody,
 * and so ends the process, when more comes behind a cancel.)
 */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
      incoming.resume();
    },
  }, { highWaterMark: 0 });
}

/**
 * Writes a reply as fast as its client takes it.
 * @throws {Error} when the client takes none of it for `stuckMs`
 */
export async function sendWebResponse(
  response: Response,
  { incoming, outgoing, stuckMs }: {
    readonly incoming: IncomingMessage;
    readonly outgoing: ServerResponse;
    readonly stuckMs: number;
  },
): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (!response.headers.has("content-length")) outgoing.flushHeaders();
  if (response.body === null) {
    outgoing.end();
    return;
  }
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (outgoing.destroyed) throw new Error("The client has gone");
      outgoing.write(value);
      // Many clients read nothing before all of their request is gone.
      const max = incoming.complete ? maxUnsentBytes : maxUnsentMeanwhileBytes;
      if (outgoing.writableLength > max) await drained(outgoing, stuckMs);
    }
    outgoing.end();
  } catch (error) {
    // It began well: breaking off is the only way to say that it did not end so.
    outgoing.destroy();
    await reader.cancel(error).catch(() => {});
    throw error;
  }
}

function drained(outgoing: ServerResponse, stuckMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new Error(stuck)), stuckMs);
    const onDrain = () => end();
    const onClose = () => end(new Error("The client has gone"));
    const end = (error?: Error) => {
      clearTimeout(timer);
      outgoing.off("drain", onDrain);
      outgoing.off("close", onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    outgoing.on("drain", onDrain);
    outgoing.on("close", onClose);
    if (outgoing.destroyed) onClose();
  });
}

const stuck = "The client takes no more of its reply";
const maxUnsentBytes = 256 * 1024;
const maxUnsentMeanwhileBytes = 8 * 1024 * 1024;
