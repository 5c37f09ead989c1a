/**
 * The bytes of a file. Deno.readFile would take the memory twice, and hold up
 * everything else while it reads a large one.
 */
export async function readDump(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const bytes = new Uint8Array(size);
  let end = 0;
  while (end < size) {
    const room = bytes.subarray(end, end + bytesAtATime);
    const count = await file.read(room);
    if (count === null) break;
    end += count;
  }
  return bytes.subarray(0, end);
}

const bytesAtATime = 16 * 1024 * 1024;
