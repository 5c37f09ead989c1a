/**
 * The limit for bursts: fetches URL/0 to URL/COUNT-1 at a wall second, 64 at a
 * time, and does nothing else.
 *
 *     deno run --allow-net bench/bare_fetch.ts URL COUNT SECOND
 */
const [url, countText, secondText] = Deno.args;
const count = Number(countText);
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 64, http2: false });
let next = 0;

async function fetchInTurn(): Promise<void> {
  while (next < count) {
    const reply = await fetch(`${url}/${next++}`, { client });
    await reply.arrayBuffer();
  }
}

await new Promise((resolve) =>
  setTimeout(resolve, Number(secondText) * 1000 - Date.now())
);
await Promise.all(Array.from({ length: 64 }, fetchInTurn));
client.close();
