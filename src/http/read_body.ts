import { HttpRefusal } from "./envelope.ts";

export interface BodyLimits {
  /** The longest body that is read whole, in bytes. */
  readonly maxBytes: number;
  /** How long a client may take to send it, or a part of a stream. */
  readonly maxMs: number;
}

/** The media type of a body without its parameters, in small letters; undefined when none is given. */
export function mediaTypeOf(request: Request): string | undefined {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new HttpRefusal(415, "Content-Encoding must be identity");
  }
  const type = request.headers.get("content-type");
  return type?.split(";")[0].trim().toLowerCase() || undefined;
}

/**
 * The whole body as text.
 * @throws {HttpRefusal} 400 when it is not UTF-8, 408 when it comes too slowly, 413 when it is too long
 */
export async function readText(
  request: Request,
  limits: BodyLimits,
): Promise<string> {
  const { maxBytes, maxMs } = limits;
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > maxBytes) throw tooLong(maxBytes);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const endMs = performance.now() + maxMs;
  const leftMs = () => endMs - performance.now();
  for await (const chunk of readChunks(request, leftMs)) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLong(maxBytes);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return decode(whole);
}

/**
 * The parts of a body as they come; each may take as long as `leftMs` says then.
 * @throws {HttpRefusal} 408 when one takes longer, 400 when the body breaks off
 */
export async function* readChunks(
  request: Request,
  leftMs: () => number,
): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await readNext(reader, leftMs());
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function readNext(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  leftMs: number,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reader.cancel().catch(() => {});
  }, Math.max(0, leftMs));
  try {
    const result = await reader.read();
    if (!isLate) return result;
  } catch {
    if (!isLate) throw new HttpRefusal(400, "The body broke off");
  } finally {
    clearTimeout(timer);
  }
  throw new HttpRefusal(408, "The body came too slowly", {
    connection: "close",
  });
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpRefusal(400, "The body must be UTF-8");
  }
}

function tooLong(maxBytes: number): HttpRefusal {
  const message = `The body must have at most ${maxBytes} bytes`;
  return new HttpRefusal(413, message, { connection: "close" });
}
