import fc from "fast-check";
import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { ProtocolError } from "../../src/thrift/thrift_type.ts";
import { randomRuns } from "../support/random.ts";
import { anyMessage, type Field } from "./any_message.ts";
import { encode, protocols } from "./encode.ts";
import { garble, randomOf } from "./garble.ts";
import {
  anyAnswer,
  anyCall,
  anyMethod,
  process,
  readReply,
  writeCall,
} from "./generated_calls.ts";
import { hex, toHex } from "./hex.ts";
import { npms, ours } from "./protocol_pairs.ts";

const anyExchange = anyMethod.chain((method) =>
  fc.record({ call: anyCall(method), answer: anyAnswer(method) })
);

/** The value without the classes of its structs. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, plain(member)]),
  );
}

for (const protocol of protocols) {
  const our = ours(protocol);
  const npm = npms(protocol);

  Deno.test(`Calls are written in the ${protocol} protocol as npm:thrift writes them`, () => {
    fc.assert(
      fc.property(anyMethod.chain(anyCall), (call) => {
        assert.equal(
          toHex(writeCall(call, our)),
          toHex(writeCall(call, npm)),
        );
      }),
      randomRuns(500),
    );
  });

  Deno.test(`Calls that npm:thrift has written in the ${protocol} protocol are read as they were meant`, () => {
    fc.assert(
      fc.property(anyMethod.chain(anyCall), (call) => {
        const bytes = writeCall(call, npm);
        const meant = plain([call]);
        assert.deepEqual(plain(process(bytes, our).calls), meant);
        assert.deepEqual(plain(process(bytes, npm).calls), meant);
      }),
      randomRuns(500),
    );
  });

  Deno.test(`Replies are written in the ${protocol} protocol as npm:thrift writes them`, () => {
    fc.assert(
      fc.property(anyExchange, ({ call, answer }) => {
        const bytes = writeCall(call, npm);
        assert.equal(
          toHex(process(bytes, our, answer).reply),
          toHex(process(bytes, npm, answer).reply),
        );
      }),
      randomRuns(500),
    );
  });

  Deno.test(`Replies that npm:thrift has written in the ${protocol} protocol are read as it reads them`, () => {
    fc.assert(
      fc.property(anyExchange, ({ call, answer }) => {
        const { reply } = process(writeCall(call, npm), npm, answer);
        assert.deepEqual(readReply(reply, our), readReply(reply, npm));
      }),
      randomRuns(500),
    );
  });

  Deno.test(`Fields of any type that nobody knows are passed over in the ${protocol} protocol`, () => {
    const key: Field = {
      id: 1,
      value: { type: "string", value: new TextEncoder().encode("a") },
    };
    fc.assert(
      fc.property(anyMessage(), fc.nat(6), ({ fields }, place) => {
        const unknown = fields.filter(({ id }) => id !== 1);
        const all = [...unknown];
        all.splice(place, 0, key);
        const message = { name: "get", type: 1, seqid: 7, fields: all };
        const { calls } = process(encode(message, protocol), our);
        assert.deepEqual(calls, [{ method: "get", args: ["a"] }]);
        const method = { ...message, name: "unheard_of", fields: unknown };
        assert.deepEqual(process(encode(method, protocol), our).calls, []);
      }),
      randomRuns(1000),
    );
  });

  Deno.test(`A field of another type than declared counts as missing in the ${protocol} protocol`, () => {
    fc.assert(
      fc.property(anyMessage(), ({ fields }) => {
        const wrong = fields
          .filter(({ value }) => value.type !== "string")
          .map(({ value }) => ({ id: 1, value }));
        const message = { name: "get", type: 1, seqid: 7, fields: wrong };
        const { calls } = process(encode(message, protocol), our);
        assert.deepEqual(calls, [{ method: "get", args: [null] }]);
      }),
      randomRuns(500),
    );
  });

  Deno.test(`Bytes that are not UTF-8 pass unchanged through the ${protocol} protocol`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (value) => {
        const bytes = encode({
          name: "getKeys",
          type: 1,
          seqid: 1,
          fields: [{ id: 1, value: { type: "string", value } }],
        }, protocol);
        const { calls: [call] } = process(bytes, our);
        assert.equal(toHex(writeCall(call, our)), toHex(bytes));
      }),
      randomRuns(500),
    );
  });

  Deno.test(`A garbled call ends in a call or a ProtocolError in the ${protocol} protocol`, () => {
    const outcomes = { processed: 0, refused: 0 };
    fc.assert(
      fc.property(anyMethod.chain(anyCall), fc.gen(), (call, gen) => {
        const bytes = garble(writeCall(call, our), randomOf(gen));
        try {
          process(bytes, our, [new Error("no")]);
          outcomes.processed++;
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
          outcomes.refused++;
        }
      }),
      randomRuns(3000),
    );
    assert.ok(outcomes.processed > 100 && outcomes.refused > 100);
  });

  Deno.test(`A call that is cut off anywhere is refused in the ${protocol} protocol`, () => {
    const args = ["k", 1, 2, 3, 4, 5, 6, "shell", { cmd: "x", cwd: "/" }];
    const bytes = writeCall({ method: "create", args }, our);
    for (let end = 0; end < bytes.length; end++) {
      assert.throws(() => process(bytes.subarray(0, end), our), {
        name: "ProtocolError",
      });
    }
  });
}

const binaryGet = "80010001 00000003 'get' 00000007";
const compactGet = "8221 07 03 'get'";
const binaryCreate = "80010001 00000006 'create' 00000007";
const compactCreate = "8221 07 06 'create'";

const refusals: readonly [name: string, text: string, message: string][] = [
  [
    "a string longer than the rest",
    `${binaryGet} 0b0001 00000005 'abcd'`,
    "5 bytes are to be read, 4 are there",
  ],
  [
    "a string of negative length",
    `${binaryGet} 0b0001 80000000 00`,
    "-2147483648 bytes are to be read, 1 are there",
  ],
  [
    "a map with more pairs than bytes",
    `${binaryCreate} 0d0009 0b0b 00000003 0000`,
    "a container has 3 elements",
  ],
  [
    "a map of negative size",
    `${binaryCreate} 0d0009 0b0b ffffffff 0000`,
    "a container has -1 elements",
  ],
  [
    "a list with more elements than bytes that is passed over",
    `${binaryGet} 0f0009 02 00000003 0000`,
    "a container has 3 elements",
  ],
  [
    "a field of no type",
    `${binaryGet} 090001 00`,
    "the message has a field of type 9",
  ],
  [
    "another version",
    "80020001 00000003 'get' 00000007 00",
    "the message has the version 32770",
  ],
  [
    "what comes behind the arguments",
    `${binaryGet} 0b0001 00000001 'a' 00 0000`,
    "2 bytes of the message were not read",
  ],
];
for (const [name, text, message] of refusals) {
  Deno.test(`BinaryReader refuses ${name}`, () => {
    const refused = { name: "ProtocolError", message };
    assert.throws(() => process(hex(text), ours("binary")), refused);
  });
}

const compactRefusals: typeof refusals = [
  [
    "a string longer than the rest",
    `${compactGet} 18 05 'abcd'`,
    "5 bytes are to be read, 4 are there",
  ],
  [
    "a map with more pairs than bytes",
    `${compactCreate} 9b 04 88 0000`,
    "a container has 4 elements",
  ],
  [
    "a list with more elements than bytes that is passed over",
    `${compactGet} 99 41 0101`,
    "a container has 4 elements",
  ],
  ["a field of no type", `${compactGet} 1f 00`, "no value has the type 15"],
  ["a varint that is cut off", `${compactGet} 14 80`, "a varint is cut off"],
  [
    "another version",
    "8222 07 03 'get' 00",
    "no message of the compact protocol begins so",
  ],
  [
    "what comes behind the arguments",
    `${compactGet} 18 01 'a' 00 00`,
    "1 bytes of the message were not read",
  ],
];
for (const [name, text, message] of compactRefusals) {
  Deno.test(`CompactReader refuses ${name}`, () => {
    const refused = { name: "ProtocolError", message };
    assert.throws(() => process(hex(text), ours("compact")), refused);
  });
}

Deno.test("CompactReader keeps an i16 that its writer did not check", () => {
  const args = ["k", 70_000, -1, -1, -1, -1, -1, "shell", {}];
  const bytes = writeCall({ method: "create", args }, npms("compact"));
  assert.equal(process(bytes, ours("compact")).calls[0].args[1], 70_000);
});

Deno.test("Params may have the names of an object's own methods", () => {
  const params = { hasOwnProperty: "a", toString: "b", constructor: "c" };
  for (const protocol of protocols) {
    const pair = ours(protocol);
    const args = ["k", 1, -1, -1, -1, -1, -1, "shell", params];
    const call = writeCall({ method: "create", args }, pair);
    assert.deepEqual(process(call, pair).calls[0].args.at(-1), params);
    const info = writeCall({ method: "info", args: [] }, pair);
    const { reply } = process(info, pair, [null, params]);
    assert.deepEqual(readReply(reply, pair), {
      fname: "info",
      mtype: 2,
      rseqid: 1,
      results: [null, params],
    });
  }
});

Deno.test("A reply without a result rejects with an Error", () => {
  const reply = hex("80010002 00000003 'get' 00000001 00");
  const read = readReply(reply, ours("binary")) as { results: Error[] };
  assert.deepEqual(read.results.map((error) => [error.name, error.message]), [
    ["TApplicationException", "get failed: unknown result"],
  ]);
});

Deno.test("Buffers that the readers are given may hold other messages around theirs", () => {
  const call = hex(`${binaryGet} 0b0001 00000001 'a' 00`);
  const buffer = Buffer.concat([hex("ffff"), call, hex("00ff")]);
  const reader = ours("binary").read(buffer);
  reader.start(buffer, 2, 2 + call.length);
  assert.deepEqual(reader.readMessageBegin(), {
    fname: "get",
    mtype: 1,
    rseqid: 7,
  });
});
