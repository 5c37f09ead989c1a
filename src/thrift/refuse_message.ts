import type { ProtocolReader, ProtocolWriter } from "./protocol.ts";
import {
  TApplicationException,
  TApplicationExceptionType as types,
} from "./thrift_runtime.ts";
import { MessageType } from "./thrift_type.ts";

/** Answers a message, whose beginning the reader is at, with a TApplicationException. */
export function refuseMessage(
  input: ProtocolReader,
  output: ProtocolWriter,
  { type, reason }: {
    readonly type: "INVALID_MESSAGE_TYPE" | "PROTOCOL_ERROR";
    readonly reason: string;
  },
): void {
  const { fname, rseqid } = input.readMessageBegin();
  output.writeMessageBegin(fname, MessageType.exception, rseqid);
  new TApplicationException(types[type], reason).write(output);
  output.writeMessageEnd();
  output.flush();
}
