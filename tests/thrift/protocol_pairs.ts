import { Buffer } from "node:buffer";
import thrift from "thrift";
import { BinaryReader } from "../../src/thrift/binary_reader.ts";
import { BinaryWriter } from "../../src/thrift/binary_writer.ts";
import { CompactReader } from "../../src/thrift/compact_reader.ts";
import { CompactWriter } from "../../src/thrift/compact_writer.ts";
import { OutBuffer } from "../../src/thrift/out_buffer.ts";
import type {
  MessageSink,
  ProtocolReader,
  ProtocolWriter,
} from "../../src/thrift/protocol.ts";
import type { Protocol } from "./encode.ts";

/** A protocol as generated code uses it, ours or npm:thrift's. */
export interface ProtocolPair {
  read(bytes: Uint8Array): ProtocolReader;
  /** Where one message goes. */
  write(): Writing;
}

export interface Writing {
  readonly output: { flush(): void };
  /** What generated code constructs for `output`. */
  readonly Protocol: new (output: Writing["output"]) => ProtocolWriter;
  /** What was written. */
  bytes(): Uint8Array;
}

export function ours(protocol: Protocol): ProtocolPair {
  return {
    read(bytes) {
      const reader = protocol === "binary"
        ? new BinaryReader()
        : new CompactReader();
      reader.start(Buffer.from(bytes), 0, bytes.length);
      return reader;
    },
    write() {
      const out = new OutBuffer(16);
      const output: MessageSink & { flush(): void } = {
        begin: () => out,
        end: () => {},
        flush: () => {},
      };
      const Writer = protocol === "binary" ? BinaryWriter : CompactWriter;
      // It is constructed for this output, which is a MessageSink.
      const Protocol = Writer as unknown as Writing["Protocol"];
      return {
        output,
        Protocol,
        bytes: () => out.bytes.slice(0, out.at),
      };
    },
  };
}

export function npms(protocol: Protocol): ProtocolPair {
  const Protocol = protocol === "binary"
    ? thrift.TBinaryProtocol
    : thrift.TCompactProtocol;
  return {
    read(bytes) {
      let reader: ProtocolReader | undefined;
      const receive = thrift.TBufferedTransport.receiver(
        (transport: unknown) => reader = new Protocol(transport),
      );
      receive(Buffer.from(bytes));
      if (reader === undefined) throw new TypeError("It gave no transport");
      return reader;
    },
    write() {
      let bytes = new Uint8Array();
      const output = new thrift.TBufferedTransport(
        undefined,
        (message: Uint8Array) => bytes = Uint8Array.from(message),
      );
      return { output, Protocol, bytes: () => bytes };
    },
  };
}
