/** Types for the generated JavaScript, as far as this program uses it. */
import type { Caller } from "../access/caller.ts";
import { Client, Processor } from "./gen/Forsun.js";
import types from "./gen/forsun_types.js";
import type { ProtocolReader, ProtocolWriter } from "./protocol.ts";
import type { WirePlan } from "./wire_plan.ts";

type Params = Readonly<Record<string, string>>;
type Result = unknown;

/** The signature that makes generated code pass a callback: it counts the parameters. */
export type Done = (error: Error | null, result?: Result) => void;

/** What a processor calls; arguments that the client left out are null or their default. */
export interface ThriftHandler {
  ping(done: Done): void;
  create(
    key: string | null,
    second: number | null,
    minute: number,
    hour: number,
    day: number,
    month: number,
    week: number,
    action: string,
    params: Params,
    done: Done,
  ): void;
  createTimeout(
    key: string | null,
    second: number | null,
    minute: number,
    hour: number,
    day: number,
    month: number,
    week: number,
    count: number,
    action: string,
    params: Params,
    done: Done,
  ): void;
  createCron(
    key: string | null,
    cron: string | null,
    action: string,
    params: Params,
    done: Done,
  ): void;
  remove(key: string | null, done: Done): void;
  get(key: string | null, done: Done): void;
  inspect(key: string | null, reveal: boolean, done: Done): void;
  getCurrent(done: Done): void;
  getTime(timestamp: number | null, done: Done): void;
  getKeys(prefix: string | null, done: Done): void;
  getPlans(
    prefix: string | null,
    after: string | null,
    limit: number,
    reveal: boolean,
    done: Done,
  ): void;
  getDuePlans(
    prefix: string | null,
    after_second: number,
    after_key: string,
    limit: number,
    reveal: boolean,
    done: Done,
  ): void;
  restore(
    plan: WirePlan | null,
    replace: boolean,
    dry_run: boolean,
    done: Done,
  ): void;
  forsun_call(
    key: string | null,
    ts: number | null,
    params: Params | null,
    done: Done,
  ): void;
  info(done: Done): void;
  getNodes(done: Done): void;
  auth(token: string | null, done: Done): void;
}

/** Reads a message, calls the handler, and writes its reply once it is there. */
export interface ThriftProcessor {
  process(
    input: ProtocolReader,
    output: ProtocolWriter,
    caller: ThriftCaller,
  ): void;
}

/** Whose message it is. */
export interface ThriftCaller {
  /** Where it is, `HOST:PORT`. */
  readonly client: string;
  /** What it may do. */
  readonly access: Caller;
}

/** The processor that the generator makes, which doesn't care whose message it is. */
export function createProcessor(
  handler: ThriftHandler,
): { process(input: ProtocolReader, output: ProtocolWriter): void } {
  return new Processor(handler);
}

/** The methods of the generated client that this program calls. */
export interface ThriftClient {
  ping(): Promise<number>;
  create(...args: CalendarArguments): Promise<WirePlan>;
  createTimeout(...args: TimeoutArguments): Promise<WirePlan>;
  createCron(
    key: string,
    cron: string,
    action: string,
    params: Params,
  ): Promise<WirePlan>;
  remove(key: string): Promise<WirePlan>;
  get(key: string): Promise<WirePlan>;
  inspect(key: string, reveal?: boolean): Promise<WirePlan>;
  getCurrent(): Promise<WirePlan[]>;
  getTime(timestamp: number): Promise<WirePlan[]>;
  getKeys(prefix: string): Promise<string[]>;
  getPlans(
    prefix: string,
    after: string,
    limit: number,
    reveal?: boolean,
  ): Promise<WirePlan[]>;
  getDuePlans(
    prefix: string,
    afterSecond: number,
    afterKey: string,
    limit: number,
    reveal?: boolean,
  ): Promise<WirePlan[]>;
  restore(
    plan: WirePlan,
    replace: boolean,
    dryRun: boolean,
  ): Promise<WirePlan>;
  info(): Promise<Record<string, string>>;
  getNodes(): Promise<Record<string, string>[]>;
  auth(token: string): Promise<string>;
}

type Fields = [
  second: number,
  minute: number,
  hour: number,
  day: number,
  month: number,
  week: number,
];
type CalendarArguments = [
  key: string,
  ...fields: Fields,
  action: string,
  params: Params,
];
type TimeoutArguments = [
  key: string,
  ...fields: Fields,
  count: number,
  action: string,
  params: Params,
];

/**
 * What the generated client has besides its methods: it writes each call with a
 * `protocol` made for `output`, and waits until it is handed the reply.
 */
export interface GeneratedClient {
  /** The last sequence id; the next call has the one behind it. */
  _seqid: number;
  /** Who waits, by sequence id. */
  readonly _reqs: Record<number, (error: Error) => void>;
  readonly [receive: `recv_${string}`]: (
    input: ProtocolReader,
    type: number,
    seqid: number,
  ) => void;
}

export function createGeneratedClient<Output extends { flush(): void }>(
  output: Output,
  protocol: new (output: Output) => ProtocolWriter,
): ThriftClient & GeneratedClient {
  const client: unknown = new Client(output, protocol);
  return client as ThriftClient & GeneratedClient;
}

/** The exception of forsun.thrift. */
export interface WireError extends Error {
  readonly code: number;
}

export const ForsunPlanError = types.ForsunPlanError as new (
  fields: { readonly code: number; readonly message: string },
) => WireError;
