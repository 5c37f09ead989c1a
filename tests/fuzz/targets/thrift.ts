import fc from "fast-check";
import { Buffer } from "node:buffer";
import {
  createProcessor,
  type Done,
  type ThriftHandler,
} from "../../../src/thrift/generated.ts";
import { MessageSplitter } from "../../../src/thrift/message_splitter.ts";
import { OutBuffer } from "../../../src/thrift/out_buffer.ts";
import {
  maxMessageBytes,
  ProtocolError,
} from "../../../src/thrift/thrift_type.ts";
import { anyMessage } from "../../thrift/any_message.ts";
import { encode, framed, type Protocol } from "../../thrift/encode.ts";
import {
  anyCall,
  anyMethod,
  methods,
  writeCall,
} from "../../thrift/generated_calls.ts";
import { ours } from "../../thrift/protocol_pairs.ts";
import { bytesTarget } from "../bytes_target.ts";
import { type FuzzTarget, outcomeOf } from "../fuzz_target.ts";

/** What comes on a connection of one style: cut into messages, decoded, answered. */
export function thriftRequests(
  protocol: Protocol,
  isFramed: boolean,
): FuzzTarget<Uint8Array> {
  return {
    ...bytesTarget,
    name: `thrift ${protocol} ${isFramed ? "framed" : "buffered"}`,
    seeds: seedsOf(protocol, isFramed),
    run(bytes) {
      const whole = outcomeOfPieces(bytes, [bytes.length]);
      const cuts = [bytes.length % 7, bytes.length >> 1, bytes.length - 1];
      const inPieces = outcomeOfPieces(bytes, [...cuts, bytes.length]);
      if (whole !== inPieces) {
        throw new Error(`Whole: ${whole}. In pieces: ${inPieces}`);
      }
      return whole;
    },
    usualRuns: 25_000,
  };
}

function seedsOf(protocol: Protocol, isFramed: boolean): Uint8Array[] {
  const pair = ours(protocol);
  const sampling = { numRuns: 60, seed: 6458 };
  const calls = fc.sample(anyMethod.chain(anyCall), sampling)
    .map((call) => writeCall(call, pair));
  const messages = fc.sample(anyMessage(), sampling)
    .map((message) => encode({ ...message, type: 1 }, protocol));
  const single = [...calls, ...messages]
    .map((bytes) => isFramed ? framed(bytes) : bytes);
  const several = single.slice(0, 20).map((bytes, index) =>
    Uint8Array.from([...bytes, ...single[index + 20]])
  );
  return [...single, ...several];
}

/** What a connection would make of the bytes, which come up to one of `ends` at a time. */
function outcomeOfPieces(bytes: Uint8Array, ends: readonly number[]): string {
  const splitter = new MessageSplitter(maxMessageBytes);
  const buffer = Buffer.from(bytes);
  called.length = 0;
  let start = 0;
  try {
    for (const end of ends) {
      for (;;) {
        const bounds = splitter.next(buffer, start, Math.max(start, end));
        if (bounds === undefined) break;
        const { style } = splitter;
        if (style === undefined) throw new Error("A message without a style");
        const type = style.messageTypeAt(buffer, bounds.start);
        if (type !== 1) throw new ProtocolError(`the type ${type}`);
        const reader = style.createReader();
        reader.start(buffer, bounds.start, bounds.end);
        const out = new OutBuffer(64);
        const sink = { begin: () => out, end: () => {} };
        processor.process(reader, style.createWriter(sink));
        start = bounds.end;
      }
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return `${called.slice(0, 3)}; ${outcomeOf(error)}`;
  }
  return `${called.slice(0, 3)}; ${start === bytes.length}`;
}

function createNotingHandler(): ThriftHandler {
  const handler = Object.fromEntries(methods.map((method) => {
    const handle = (...all: unknown[]) => {
      called.push(method);
      (all.at(-1) as Done)(new Error("no"));
    };
    // Generated code tells by it that there is a callback.
    return [method, Object.defineProperty(handle, "length", { value: -1 })];
  }));
  return handler as unknown as ThriftHandler;
}

/** The methods that one input called; it is emptied for each. */
const called: string[] = [];
const processor = createProcessor(createNotingHandler());
