import fc from "fast-check";
import { ProtocolError } from "../../../src/thrift/thrift_type.ts";
import type { Protocol } from "../../thrift/encode.ts";
import {
  anyAnswer,
  anyCall,
  anyMethod,
  process,
  readReply,
  writeCall,
} from "../../thrift/generated_calls.ts";
import { ours } from "../../thrift/protocol_pairs.ts";
import { bytesTarget } from "../bytes_target.ts";
import { type FuzzTarget, outcomeOf } from "../fuzz_target.ts";

/** What a server that is none of ours may reply to the command line. */
export function thriftReplies(protocol: Protocol): FuzzTarget<Uint8Array> {
  const pair = ours(protocol);
  const exchange = anyMethod.chain((method) =>
    fc.record({ call: anyCall(method), answer: anyAnswer(method) })
  );
  const seeds = fc.sample(exchange, { numRuns: 80, seed: 6458 })
    .map(({ call, answer }) =>
      process(writeCall(call, pair), pair, answer).reply
    );
  return {
    ...bytesTarget,
    name: `thrift replies ${protocol}`,
    seeds,
    run(bytes) {
      try {
        const reply = readReply(bytes, pair) as { fname: string };
        return `read ${reply.fname.slice(0, 20)}`;
      } catch (error) {
        // readReply() takes what the method's name says for a function.
        const isRefusal = error instanceof ProtocolError ||
          error instanceof TypeError;
        if (!isRefusal) throw error;
        return outcomeOf(error);
      }
    },
    usualRuns: 12_000,
  };
}
