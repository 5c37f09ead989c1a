/** A reply of NDJSON: what each step yields, as it comes. */
export function linesResponse(
  steps: AsyncIterable<readonly unknown[]>,
): Response {
  return new Response(ReadableStream.from(toBytes(steps)), {
    headers: {
      "content-type": "application/x-ndjson",
      "cache-control": "no-store",
      // Else a proxy keeps lines back that clients wait for.
      "x-accel-buffering": "no",
    },
  });
}

async function* toBytes(
  steps: AsyncIterable<readonly unknown[]>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const lines of steps) {
    if (lines.length === 0) continue;
    let text = "";
    for (const line of lines) text += `${JSON.stringify(line)}\n`;
    yield encoder.encode(text);
  }
}

const encoder = new TextEncoder();
