import fc from "fast-check";
import assert from "node:assert/strict";
import { binaryFormat } from "../../src/thrift/binary_format.ts";
import { compactFormat } from "../../src/thrift/compact_format.ts";
import {
  MessageScanner,
  type WireFormat,
} from "../../src/thrift/message_scanner.ts";
import {
  maxDepth,
  maxMessageBytes,
  ProtocolError,
} from "../../src/thrift/thrift_type.ts";
import { randomRuns } from "../support/random.ts";
import { anyMessage, type Value } from "./any_message.ts";
import { encode, type Protocol, protocols } from "./encode.ts";
import { hex } from "./hex.ts";
import { garble, randomOf } from "./garble.ts";

const formats: Readonly<Record<Protocol, WireFormat>> = {
  binary: binaryFormat,
  compact: compactFormat,
};

function createScanner(protocol: Protocol): MessageScanner {
  return new MessageScanner(formats[protocol], maxMessageBytes);
}

/** Where in a message pieces of it end, and how far from its buffer's beginning it lies. */
const anyCuts = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    offset: fc.nat(20),
  }),
  { maxLength: 8 },
);

for (const protocol of protocols) {
  Deno.test(`MessageScanner finds the length of any ${protocol} message that comes in pieces`, () => {
    fc.assert(
      fc.property(
        anyMessage(),
        anyMessage(),
        anyCuts,
        (message, next, cuts) => {
          const scanner = createScanner(protocol);
          const bytes = encode(message, protocol);
          const pieces = cuts
            .map(({ at, offset }) => ({
              count: Math.floor(at * (bytes.length - 1)),
              offset,
            }))
            .sort((one, other) => one.count - other.count);
          for (const { count, offset } of pieces) {
            const buffer = new Uint8Array(offset + count);
            buffer.set(bytes.subarray(0, count), offset);
            const found = scanner.scan(buffer, offset, buffer.length);
            assert.equal(found, undefined);
          }
          const behind = encode(next, protocol);
          const both = Uint8Array.from([...bytes, ...behind]);
          assert.equal(scanner.scan(both, 0, both.length), bytes.length);
          const start = bytes.length;
          assert.equal(scanner.scan(both, start, both.length), behind.length);
        },
      ),
      randomRuns(500),
    );
  });

  Deno.test(`MessageScanner goes over each byte of a ${protocol} message once, however it comes`, () => {
    for (const value of largeValues(1024 * 1024)) {
      const bytes = encode(messageOf(value), protocol);
      const { format, calls } = counting(formats[protocol]);
      const scanner = new MessageScanner(format, maxMessageBytes);
      for (let end = 0; end < bytes.length; end++) {
        assert.equal(scanner.scan(bytes, 0, end), undefined);
      }
      assert.equal(scanner.scan(bytes, 0, bytes.length), bytes.length);
      assert.ok(calls() <= 2 * bytes.length, `${calls()} looks`);
    }
  });

  Deno.test(`MessageScanner finds a length or a ProtocolError in any ${protocol} garbage`, () => {
    let found = 0;
    let refused = 0;
    let unfinished = 0;
    fc.assert(
      fc.property(anyMessage(), fc.gen(), (message, gen) => {
        const bytes = garble(encode(message, protocol), randomOf(gen));
        const scanner = createScanner(protocol);
        try {
          const length = scanner.scan(bytes, 0, bytes.length);
          if (length === undefined) {
            unfinished++;
          } else {
            found++;
            assert.ok(length > 0 && length <= bytes.length);
          }
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
          refused++;
        }
      }),
      randomRuns(3000),
    );
    assert.ok(Math.min(found, refused, unfinished) > 20);
  });
}

function refuses(protocol: Protocol, bytes: Uint8Array, message: string) {
  assert.throws(
    () => createScanner(protocol).scan(bytes, 0, bytes.length),
    { name: "ProtocolError", message },
  );
}

const binaryHead = "80010001 00000001 'f' 00000000";
const compactHead = "8221 00 01 'f'";

Deno.test("MessageScanner refuses a message over 16 MiB as soon as it is announced", () => {
  const message = "the message is over 16777216 bytes";
  refuses("binary", hex(`${binaryHead} 0b0001 01000000`), message);
  refuses("compact", hex(`${compactHead} 18 80808008`), message);
});

Deno.test("MessageScanner takes a message of 16 MiB", () => {
  for (const protocol of protocols) {
    const empty = encode(messageOf(textOf(0)), protocol).length;
    const varintBytes = protocol === "compact" ? 3 : 0;
    const bytes = encode(
      messageOf(textOf(maxMessageBytes - empty - varintBytes)),
      protocol,
    );
    assert.equal(bytes.length, maxMessageBytes);
    const scanner = createScanner(protocol);
    assert.equal(scanner.scan(bytes, 0, bytes.length), bytes.length);
  }
});

Deno.test("MessageScanner refuses a string that is announced with over 16 MiB, or less than nothing", () => {
  const field = `${binaryHead} 0b0001`;
  refuses("binary", hex(`${field} 01000001`), "a length is 16777217");
  refuses("binary", hex(`${field} ffffffff`), "a length is -1");
  const compact = `${compactHead} 18`;
  refuses("compact", hex(`${compact} 81808008`), "a length is 16777217");
  refuses("compact", hex(`${compact} 8080808001`), "a length takes 5 bytes");
});

Deno.test("MessageScanner refuses containers of over 16 Mi elements, of which a map's pair counts as two", () => {
  refuses(
    "binary",
    hex(`${binaryHead} 0f0001 02 01000001`),
    "a length is 16777217",
  );
  refuses(
    "binary",
    hex(`${binaryHead} 0d0001 02 02 00800001`),
    "a container has 16777218 elements",
  );
  refuses(
    "compact",
    hex(`${compactHead} 19 f1 81808008`),
    "a length is 16777217",
  );
  refuses(
    "compact",
    hex(`${compactHead} 1b 81808004 11`),
    "a container has 16777218 elements",
  );
});

Deno.test("MessageScanner takes 64 levels, the message's own included, and refuses 65", () => {
  for (const protocol of protocols) {
    for (const type of ["struct", "list", "set", "map"] as const) {
      const deep = encode(messageOf(nested(type, maxDepth - 1)), protocol);
      const scanner = createScanner(protocol);
      assert.equal(scanner.scan(deep, 0, deep.length), deep.length);
      refuses(
        protocol,
        encode(messageOf(nested(type, maxDepth)), protocol),
        "the message is nested over 64 deep",
      );
    }
  }
});

Deno.test("MessageScanner takes a method's name of any length", () => {
  for (const protocol of protocols) {
    const message = { ...messageOf(textOf(0)), name: "n".repeat(100_000) };
    const bytes = encode(message, protocol);
    const scanner = createScanner(protocol);
    assert.equal(scanner.scan(bytes, 0, 50_000), undefined);
    assert.equal(scanner.scan(bytes, 0, bytes.length), bytes.length);
  }
});

Deno.test("MessageScanner refuses types that there are not", () => {
  refuses("binary", hex(`${binaryHead} 050001`), "no value has the type 5");
  refuses(
    "binary",
    hex(`${binaryHead} 0f0001 00 00000001`),
    "no value has the type 0",
  );
  refuses("compact", hex(`${compactHead} 1e`), "no value has the type 14");
  refuses("compact", hex(`${compactHead} 19 10`), "no value has the type 0");
});

Deno.test("MessageScanner refuses varints over 10 bytes", () => {
  refuses(
    "compact",
    hex(`${compactHead} 16 ffffffffffffffffffff`),
    "a varint is over 10 bytes",
  );
});

Deno.test("MessageScanner refuses other versions and the other protocol", () => {
  const binary = "no message of the binary protocol begins so";
  refuses("binary", hex("80020001 00000001"), binary);
  refuses("binary", hex("82210001 00000001"), binary);
  const compact = "no message of the compact protocol begins so";
  refuses("compact", hex("8222"), compact);
  refuses("compact", hex("8001"), compact);
});

function messageOf(value: Value) {
  return { name: "f", type: 1, seqid: 0, fields: [{ id: 1, value }] };
}

function textOf(length: number): Value {
  return { type: "string", value: new Uint8Array(length) };
}

/** Values of about `bytes` bytes with little and with much structure. */
function largeValues(bytes: number): Value[] {
  const number: Value = { type: "i64", value: -(2n ** 62n) };
  const text = textOf(3);
  const struct: Value = {
    type: "struct",
    fields: [{ id: 300, value: { type: "bool", value: true } }],
  };
  const list = (of: Value, count: number): Value => ({
    type: "list",
    of: of.type,
    values: Array(Math.floor(count)).fill(of),
  });
  return [
    textOf(bytes),
    list(number, bytes / 10),
    list(struct, bytes / 5),
    list({ type: "list", of: "bool", values: [] }, bytes / 5),
    {
      type: "map",
      from: "string",
      to: "string",
      entries: Array(Math.floor(bytes / 14)).fill([text, text]),
    },
  ];
}

/** A value in which `levels` structs or containers lie in one another. */
function nested(
  type: "struct" | "list" | "set" | "map",
  levels: number,
): Value {
  let value: Value = { type: "bool", value: true };
  for (let level = 0; level < levels; level++) {
    if (type === "struct") value = { type, fields: [{ id: 1, value }] };
    else if (type === "map") {
      const key = textOf(1);
      value = { type, from: "string", to: value.type, entries: [[key, value]] };
    } else value = { type, of: value.type, values: [value] };
  }
  return value;
}

/** `format`, and how often it was asked to look. */
function counting(
  format: WireFormat,
): { format: WireFormat; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    format: {
      structType: format.structType,
      readHead(bytes, at, end) {
        calls++;
        return format.readHead(bytes, at, end);
      },
      readField(bytes, at, end, token) {
        calls++;
        return format.readField(bytes, at, end, token);
      },
      readValue(bytes, at, end, token) {
        calls++;
        return format.readValue(bytes, at, end, token);
      },
    },
  };
}
