import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { freePort } from "../support/server_program.ts";
import type { Message } from "../thrift/any_message.ts";
import { encode } from "../thrift/encode.ts";
import { eventually } from "../support/eventually.ts";
import { RawServer, send } from "../thrift/raw_server.ts";
import { FullServer } from "./full_server.ts";
import { deliverThrift, executeThrift, thrift } from "./thrift_actions.ts";

/** Reads a call whole; calls of these tests come in one piece. */
async function readCall(socket: Deno.TcpConn): Promise<boolean> {
  return await socket.read(new Uint8Array(65_536)) !== null;
}

/** A receiver that sends `bytes` for the first call and hangs up. */
function replying(bytes: Uint8Array): RawServer {
  return new RawServer(async (socket) => {
    if (await readCall(socket)) await send(socket, bytes);
  });
}

function reply(fields: Message["fields"], seqid = 1): Uint8Array {
  const message = { name: "forsun_call", type: 2, seqid, fields } as const;
  return encode(message, "binary");
}

const good = reply([]);
const ascii = new TextEncoder();

/** What a receiver does, and what is said of it; all of it may be over the next time. */
const misbehaviours: readonly (readonly [string, Uint8Array, string])[] = [
  ["hangs up instead of replying", new Uint8Array(), ""],
  ["hangs up in the middle of a reply", good.subarray(0, -3), ""],
  [
    "replies in HTTP",
    ascii.encode("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
    "The answer makes no sense: the bytes are not Thrift",
  ],
  [
    "replies to another call",
    reply([], 77),
    "The answer makes no sense: it replies to call 77, which it did not get",
  ],
  [
    "replies to another method",
    encode({ name: "ping", type: 2, seqid: 1, fields: [] }, "binary"),
    "The answer makes no sense: no reply to forsun_call but something else came",
  ],
  [
    "calls back",
    encode({ name: "forsun_call", type: 1, seqid: 1, fields: [] }, "binary"),
    "The answer makes no sense: no reply to forsun_call but something else came",
  ],
  [
    "announces a reply of 15 MiB",
    reply([{
      id: 1,
      value: { type: "string", value: new Uint8Array(15 * 1024 * 1024) },
    }]).subarray(0, 100),
    "The answer makes no sense: the message is over 1048576 bytes",
  ],
];

for (const [what, bytes, reason] of misbehaviours) {
  Deno.test(`action thrift fails for now when the receiver ${what}`, async () => {
    await using server = replying(bytes);
    deepStrictEqual(await deliverThrift({ port: String(server.port) }), {
      kind: "failed",
      detail: `connection to 127.0.0.1:${server.port} lost: ${
        reason || "the receiver closed the connection"
      }`,
      retryable: true,
    });
  });
}

Deno.test("action thrift fails for now when the receiver resets the connection", async () => {
  await using server = new RawServer(async (socket) => {
    // What was sent and not read makes the system reset it.
    await socket.read(new Uint8Array(1));
  });
  const result = await deliverThrift({ port: String(server.port) });
  ok(result.kind === "failed" && result.retryable);
  const beginning = `connection to 127.0.0.1:${server.port} lost: `;
  ok(result.detail.startsWith(beginning), result.detail);
});

Deno.test("action thrift fails for now when the receiver does not reply in time", async () => {
  await using server = new RawServer((_, over) => over);
  const params = { port: String(server.port), reply_timeout: "0.1" };
  deepStrictEqual(await deliverThrift(params), {
    kind: "failed",
    detail: `no reply from 127.0.0.1:${server.port} within 0.1 s`,
    retryable: true,
  });
});

Deno.test("action thrift fails for now when nobody listens", async () => {
  const port = freePort();
  deepStrictEqual(await deliverThrift({ port: String(port) }), {
    kind: "failed",
    detail: `no connection to 127.0.0.1:${port}: connection refused`,
    retryable: true,
  });
});

Deno.test("action thrift fails for now when the host's name does not resolve", async () => {
  const result = await deliverThrift({ host: "nowhere.invalid" });
  ok(result.kind === "failed" && result.retryable);
  ok(
    result.detail.startsWith("no connection to nowhere.invalid:5643: "),
    result.detail,
  );
});

Deno.test("All calls fail once no connection is made in time, also those that come just behind", async () => {
  using server = await FullServer.create();
  await using action = thrift({ connectTimeoutMs: 500 });
  const [host, port] = server.address.split(":");
  const start = performance.now();
  const call = () => executeThrift(action, { host, port });
  const failure = {
    kind: "failed",
    detail: `no connection to ${server.address} within 0.5 s`,
    retryable: true,
  };
  for (let turn = 0; turn < 40; turn++) {
    const results = await Promise.all(Array.from({ length: 16 }, call));
    deepStrictEqual(results, results.map(() => failure));
  }
  const tookMs = performance.now() - start;
  ok(tookMs < 40 * 500 / 2, `${tookMs} ms are what trying each time takes`);
});

Deno.test("All calls fail once the receiver lets in and ignores one, also those that come just behind", async () => {
  await using server = new RawServer((_, over) => over);
  await using action = thrift({ replyTimeoutMs: 500 });
  const start = performance.now();
  for (let turn = 0; turn < 40; turn++) {
    const results = await Promise.all(
      Array.from(
        { length: 16 },
        () => executeThrift(action, { port: String(server.port) }),
      ),
    );
    deepStrictEqual(
      results,
      results.map(() => ({
        kind: "failed",
        detail: `no reply from 127.0.0.1:${server.port} within 0.5 s`,
        retryable: true,
      })),
    );
  }
  const tookMs = performance.now() - start;
  ok(tookMs < 40 * 500 / 2, `${tookMs} ms are what trying each time takes`);
});

Deno.test("action thrift gives up when its signal aborts", async () => {
  await using server = new RawServer((_, over) => over);
  await using action = thrift();
  const abort = new AbortController();
  const params = { port: String(server.port) };
  const running = action.execute(
    { key: "k", second: 1, attempt: 1, params },
    abort.signal,
  );
  abort.abort();
  deepStrictEqual(await running, {
    kind: "failed",
    detail: "given up",
    retryable: true,
  });
});

Deno.test("Connections are closed once nobody has used them for a while", async () => {
  let open = 0;
  await using server = new RawServer(async (socket) => {
    open++;
    while (await readCall(socket)) await send(socket, good);
    open--;
  });
  await using action = thrift({ idleMs: 50 });
  await executeThrift(action, { port: String(server.port) });
  strictEqual(open, 1);
  await eventually(() => open === 0);
});
