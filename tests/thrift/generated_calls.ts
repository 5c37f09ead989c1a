import fc from "fast-check";
import {
  createGeneratedClient,
  createProcessor,
  type Done,
  ForsunPlanError,
  type ThriftHandler,
} from "../../src/thrift/generated.ts";
import type { ProtocolPair } from "./protocol_pairs.ts";

export type Method = keyof ThriftHandler;

export interface Call {
  readonly method: Method;
  readonly args: readonly unknown[];
}

/** What a handler answers, as its callback takes it. */
export type Answer = readonly [error: Error | null, result?: unknown];

/** The bytes of a call, written by the generated client. */
export function writeCall(
  { method, args }: Call,
  pair: ProtocolPair,
): Uint8Array {
  const { output, Protocol, bytes } = pair.write();
  const client = createGeneratedClient(output, Protocol);
  Reflect.apply(client[method as "get"], client, args);
  return bytes();
}

/** Has a call answered; gives what the handler was called with and the reply's bytes. */
export function process(
  call: Uint8Array,
  pair: ProtocolPair,
  answer: Answer = [null],
): { readonly calls: readonly Call[]; readonly reply: Uint8Array } {
  const { output, Protocol, bytes } = pair.write();
  const calls: Call[] = [];
  const handler = Object.fromEntries(methods.map((method) => {
    const handle = (...all: unknown[]) => {
      calls.push({ method, args: all.slice(0, -1) });
      (all.at(-1) as Done)(...answer);
    };
    // Generated code tells by it that there is a callback.
    return [method, Object.defineProperty(handle, "length", { value: -1 })];
  }));
  const processor = createProcessor(handler as unknown as ThriftHandler);
  processor.process(pair.read(call), new Protocol(output));
  return { calls, reply: bytes() };
}

/** What the generated client makes of a reply. */
export function readReply(reply: Uint8Array, pair: ProtocolPair): unknown {
  const { output, Protocol } = pair.write();
  const client = createGeneratedClient(output, Protocol);
  const reader = pair.read(reply);
  const { fname, mtype, rseqid } = reader.readMessageBegin();
  const results: unknown[] = [];
  client._reqs[rseqid] = (...result) => results.push(...result);
  client[`recv_${fname}`](reader, mtype, rseqid);
  return { fname, mtype, rseqid, results };
}

const anyText = fc.string({ unit: "binary", maxLength: 40 });
const anyI16 = fc.integer({ min: -0x8000, max: 0x7fff });
const anyI32 = fc.integer();
/** npm:thrift loses a "__proto__". */
const anyParams = fc.dictionary(
  anyText.filter((name) => name !== "__proto__"),
  anyText,
  { noNullPrototype: true },
);

const anyOutcome = fc.record({
  status: anyI16,
  attempt: anyI32,
  ended_at: anyI32,
  duration_ms: anyI32,
  detail: anyText,
});
const anyPlan = fc.record({
  is_time_out: fc.boolean(),
  key: anyText,
  second: anyI16,
  minute: anyI16,
  hour: anyI16,
  day: anyI16,
  month: anyI16,
  week: anyI16,
  next_time: anyI32,
  status: anyI16,
  count: anyI16,
  current_count: anyI16,
  last_timeout: anyI32,
  action: anyText,
  params: anyParams,
  cron: fc.option(anyText),
  created_time: fc.option(anyI32),
  outcome: fc.option(anyOutcome),
});
const anyPlans = fc.array(anyPlan, { maxLength: 20 });

const anyFields = [anyI16, anyI16, anyI16, anyI16, anyI16, anyI16] as const;

interface Signature {
  readonly args: fc.Arbitrary<unknown[]>;
  readonly result: fc.Arbitrary<unknown>;
}

const signatures: Readonly<Record<Method, Signature>> = {
  ping: { args: fc.constant([]), result: anyI16 },
  create: {
    args: fc.tuple(anyText, ...anyFields, anyText, anyParams),
    result: anyPlan,
  },
  createTimeout: {
    args: fc.tuple(anyText, ...anyFields, anyI16, anyText, anyParams),
    result: anyPlan,
  },
  createCron: {
    args: fc.tuple(anyText, anyText, anyText, anyParams),
    result: anyPlan,
  },
  remove: { args: fc.tuple(anyText), result: anyPlan },
  get: { args: fc.tuple(anyText), result: anyPlan },
  inspect: { args: fc.tuple(anyText, fc.boolean()), result: anyPlan },
  getCurrent: { args: fc.constant([]), result: anyPlans },
  getTime: { args: fc.tuple(anyI32), result: anyPlans },
  getKeys: {
    args: fc.tuple(anyText),
    result: fc.array(anyText, { maxLength: 20 }),
  },
  getPlans: {
    args: fc.tuple(anyText, anyText, anyI32, fc.boolean()),
    result: anyPlans,
  },
  getDuePlans: {
    args: fc.tuple(anyText, anyI32, anyText, anyI32, fc.boolean()),
    result: anyPlans,
  },
  restore: {
    args: fc.tuple(anyPlan, fc.boolean(), fc.boolean()),
    result: anyPlan,
  },
  forsun_call: {
    args: fc.tuple(anyText, anyI32, anyParams),
    result: fc.constant(undefined),
  },
  info: { args: fc.constant([]), result: anyParams },
  getNodes: {
    args: fc.constant([]),
    result: fc.array(anyParams, { maxLength: 5 }),
  },
  auth: { args: fc.tuple(anyText), result: anyText },
};

/** All methods of the service. */
export const methods = Object.keys(signatures) as Method[];

export const anyMethod: fc.Arbitrary<Method> = fc.constantFrom(...methods);

/** Any call of a method with all of its arguments. */
export function anyCall(method: Method): fc.Arbitrary<Call> {
  return signatures[method].args.map((args) => ({ method, args }));
}

/** A result, a refusal, or an error that the method does not declare. */
export function anyAnswer(method: Method): fc.Arbitrary<Answer> {
  return fc.oneof(
    { weight: 3, arbitrary: signatures[method].result.map(answering) },
    fc.record({ code: anyI16, message: anyText })
      .map((fields): Answer => [new ForsunPlanError(fields)]),
    anyText.map((message): Answer => [new Error(message)]),
  );
}

function answering(result: unknown): Answer {
  return [null, result];
}
