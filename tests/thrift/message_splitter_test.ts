import fc from "fast-check";
import assert from "node:assert/strict";
import {
  type MessageBounds,
  MessageSplitter,
} from "../../src/thrift/message_splitter.ts";
import { maxMessageBytes } from "../../src/thrift/thrift_type.ts";
import { randomRuns } from "../support/random.ts";
import { anyMessage } from "./any_message.ts";
import { encode, framed, protocols } from "./encode.ts";
import { hex, toHex } from "./hex.ts";

const binaryPing = "80010001 00000004 'ping' 00000001 00";
const compactPing = "8221 01 04 'ping' 00";

function split(
  bytes: Uint8Array,
  splitter = new MessageSplitter(maxMessageBytes),
): MessageBounds[] {
  const all: MessageBounds[] = [];
  for (let start = 0;;) {
    const bounds = splitter.next(bytes, start, bytes.length);
    if (bounds === undefined) return all;
    all.push(bounds);
    start = bounds.end;
  }
}

for (const protocol of protocols) {
  for (const isFramed of [false, true]) {
    const style = `${isFramed ? "framed" : "buffered"} ${protocol}`;
    Deno.test(`MessageSplitter cuts ${style} messages out of a stream that comes in any pieces`, () => {
      fc.assert(
        fc.property(
          fc.array(anyMessage(), { minLength: 1, maxLength: 4 }),
          fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
          (messages, sizes) => {
            const sent = messages.map((one) => encode(one, protocol));
            const stream = sent.flatMap((one) => [
              ...(isFramed ? framed(one) : one),
            ]);
            const splitter = new MessageSplitter(maxMessageBytes);
            const found: string[] = [];
            let arrived: number[] = [];
            for (let at = 0, piece = 0; at < stream.length; piece++) {
              const size = sizes[piece % sizes.length];
              arrived.push(...stream.slice(at, at + size));
              at += size;
              const bytes = Uint8Array.from(arrived);
              const all = split(bytes, splitter);
              for (const { start, end } of all) {
                found.push(toHex(bytes.subarray(start, end)));
              }
              arrived = arrived.slice(all.at(-1)?.end ?? 0);
            }
            assert.deepEqual(found, sent.map(toHex));
          },
        ),
        randomRuns(200),
      );
    });
  }
}

Deno.test("MessageSplitter needs no more than the fifth byte to know the style", () => {
  const styleOf = (text: string) => {
    const splitter = new MessageSplitter(maxMessageBytes);
    const bytes = hex(text);
    splitter.next(bytes, 0, bytes.length);
    return splitter.style;
  };
  assert.equal(styleOf("")?.isFramed, undefined);
  assert.equal(styleOf("80")?.isFramed, false);
  assert.equal(styleOf("82")?.isFramed, false);
  assert.equal(styleOf("00000011")?.isFramed, undefined);
  assert.equal(styleOf("00000011 80")?.isFramed, true);
  assert.equal(styleOf("01000000 82")?.isFramed, true);
});

const refusals: readonly [name: string, text: string, message: string][] = [
  ["HTTP", "'GET / HTTP/1.1'", "the bytes are not Thrift"],
  ["TLS", "160301 0200 01", "the bytes are not Thrift"],
  [
    "the binary protocol without a version",
    "00000004 'ping'",
    "the bytes are not Thrift",
  ],
  ["a frame of 0 bytes", "00000000 80", "a frame has 0 bytes"],
  ["a frame over 16 MiB", "01000001 80", "a frame has 16777217 bytes"],
  [
    "a frame that ends before its message",
    "0000000d 80010001 00000004 'ping' 00 000001 00",
    "a frame holds no message of its length",
  ],
  [
    "a frame that goes on behind its message",
    `00000012 ${binaryPing} 00`,
    "a frame holds no message of its length",
  ],
  [
    "another frame length later on",
    `00000011 ${binaryPing} ffffffff`,
    "a frame has -1 bytes",
  ],
  [
    "another protocol later on",
    `${binaryPing} ${compactPing} 00`,
    "no message of the binary protocol begins so",
  ],
  [
    "another protocol in a later frame",
    `00000009 ${compactPing} 00000011 ${binaryPing}`,
    "no message of the compact protocol begins so",
  ],
];

for (const [name, text, message] of refusals) {
  Deno.test(`MessageSplitter refuses ${name}`, () => {
    assert.throws(() => split(hex(text)), { name: "ProtocolError", message });
  });
}

Deno.test("MessageSplitter takes a frame of just the most bytes", () => {
  const ping = hex(binaryPing);
  assert.deepEqual(split(framed(ping), new MessageSplitter(ping.length)), [
    { start: 4, end: 4 + ping.length },
  ]);
  const message = `a frame has ${ping.length} bytes`;
  assert.throws(
    () => split(framed(ping), new MessageSplitter(ping.length - 1)),
    { name: "ProtocolError", message },
  );
});
