/** What a server sends back for exact bytes, up to its closing the connection or `maxMs`. */
export async function exchange(
  port: number,
  parts: readonly (string | Uint8Array)[],
  { maxMs = 15_000 }: { readonly maxMs?: number } = {},
): Promise<{ readonly text: string; readonly isClosed: boolean }> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const timer = setTimeout(() => connection.close(), maxMs);
  let text = "";
  let isClosed = false;
  try {
    for (const part of parts) await writeAll(connection, part);
    const buffer = new Uint8Array(65_536);
    const decoder = new TextDecoder();
    for (;;) {
      const length = await connection.read(buffer);
      isClosed = length === null;
      if (length === null) break;
      text += decoder.decode(buffer.subarray(0, length), { stream: true });
    }
  } catch (error) {
    isClosed = error instanceof Deno.errors.ConnectionReset ||
      error instanceof Deno.errors.BrokenPipe;
  } finally {
    clearTimeout(timer);
  }
  return { text, isClosed };
}

async function writeAll(
  connection: Deno.Conn,
  part: string | Uint8Array,
): Promise<void> {
  const bytes = typeof part === "string"
    ? new TextEncoder().encode(part)
    : part;
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}
