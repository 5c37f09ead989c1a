import { ForsunError as Refusal } from "../core/errors.ts";
import type { PlanRequest } from "../core/plan_request.ts";
import { ForsunPlanError, type ThriftClient } from "../thrift/generated.ts";
import { sendPlan } from "../thrift/send_plan.ts";
import type { WirePlan } from "../thrift/wire_plan.ts";
import type { ClientPlace } from "./client_place.ts";
import { ForsunCode, ForsunError } from "./client_error.ts";
import {
  type ClientPlan,
  type NewCalendarPlan,
  type NewCronPlan,
  type NewTimeoutPlan,
  toClientPlan,
} from "./client_plan.ts";
import { calendarRequest, cronRequest, timeoutRequest } from "./new_plan.ts";
import { ConnectionPool } from "./connection_pool.ts";

export interface ForsunClientOptions extends ClientPlace {
  /** Is shown to the daemon on each connection. */
  readonly token?: string;
  /** How many connections there may be; 1, which carries any number of calls at once, when not given. */
  readonly connections?: number;
  /** How long an answer may take, in milliseconds; 10,000 when not given. */
  readonly timeoutMs?: number;
  /** For how long connecting, also again, is tried; 10,000 when not given. */
  readonly connectTimeoutMs?: number;
}

export interface CallOptions {
  /** Gives up waiting when it aborts: the call rejects with its reason, but may have been done. */
  readonly signal?: AbortSignal;
}

export interface PlansOptions extends CallOptions {
  /** Only plans whose keys begin with this. */
  readonly prefix?: string;
  /** Only plans whose keys come behind this one. */
  readonly after?: string;
  /** How many are asked for at a time, 1 to 10,000; 1000 when not given. */
  readonly pageSize?: number;
}

/**
 * A client of a forsun daemon, for Deno and Node. It connects at the first call,
 * and again when the connection was lost. All methods reject with a
 * {@link ForsunError}, or with the reason of their signal.
 *
 * @example
 * ```ts ignore
 * import { ForsunClient } from "../../mod.ts";
 *
 * using forsun = new ForsunClient({ host: "127.0.0.1" });
 * await forsun.createTimeout({
 *   key: "order:1",
 *   minute: 30,
 *   action: "http",
 *   params: { url: "http://localhost:8080/unpaid" },
 * });
 * ```
 */
export class ForsunClient implements Disposable {
  readonly #pool: ConnectionPool;

  constructor(options: ForsunClientOptions = {}) {
    const { token, connections = 1, ...rest } = options;
    const { timeoutMs = 10_000, connectTimeoutMs = 10_000 } = options;
    if (!Number.isInteger(connections) || connections < 1) {
      throw new RangeError(`connections must be 1 or more, got ${connections}`);
    }
    this.#pool = new ConnectionPool({
      ...rest,
      connections,
      timeoutMs,
      connectTimeoutMs,
      prepare: async ({ client }) => {
        if (token !== undefined) await client.auth(token).catch(throwOurs);
      },
    });
  }

  /** Creates or replaces a plan that runs after a delay. */
  createTimeout(
    plan: NewTimeoutPlan,
    options?: CallOptions,
  ): Promise<ClientPlan> {
    return this.#send(() => timeoutRequest(plan), options);
  }

  /** Creates or replaces a plan that runs when the clock shows its fields. */
  create(plan: NewCalendarPlan, options?: CallOptions): Promise<ClientPlan> {
    return this.#send(() => calendarRequest(plan), options);
  }

  /** Creates or replaces a plan that runs when a cron expression says so. */
  createCron(plan: NewCronPlan, options?: CallOptions): Promise<ClientPlan> {
    return this.#send(() => cronRequest(plan), options);
  }

  /** The plan; rejects with code 1003 when there is none. */
  get(key: string, options?: CallOptions): Promise<ClientPlan> {
    return this.#ask(options, (client) => client.get(key), toClientPlan);
  }

  /** As get, with all that is known of the plan. */
  inspect(key: string, options?: CallOptions): Promise<ClientPlan> {
    return this.#ask(options, (client) => client.inspect(key), toClientPlan);
  }

  /** Removes the plan and gives it back; rejects with code 1003 when there is none. */
  remove(key: string, options?: CallOptions): Promise<ClientPlan> {
    return this.#call(options, (client) => client.remove(key), toClientPlan);
  }

  /** The keys that begin with `prefix`, in order. */
  keys(prefix = "", options?: CallOptions): Promise<string[]> {
    return this.#ask(options, (client) => client.getKeys(prefix), same);
  }

  /** Plans in the order of their keys, page by page, however many they are. */
  async *plans(
    { prefix = "", after = "", pageSize = 1000, ...options }: PlansOptions = {},
  ): AsyncGenerator<ClientPlan, void, void> {
    for (let behind = after;;) {
      const page = await this.#ask(
        options,
        (client) => client.getPlans(prefix, behind, pageSize),
        (plans) => plans.map(toClientPlan),
      );
      const last = page.at(-1);
      if (last === undefined) return;
      yield* page;
      behind = last.key;
    }
  }

  /** The plans whose next run is at that second. */
  time(second: number, options?: CallOptions): Promise<ClientPlan[]> {
    return this.#ask(options, (client) => client.getTime(second), toPlans);
  }

  /** The plans that are due in the current second, or being executed for it. */
  current(options?: CallOptions): Promise<ClientPlan[]> {
    return this.#ask(options, (client) => client.getCurrent(), toPlans);
  }

  /** What the daemon tells of itself. */
  info(options?: CallOptions): Promise<Record<string, string>> {
    return this.#ask(options, (client) => client.info(), same);
  }

  /** Resolves when the daemon answers. */
  async ping(options?: CallOptions): Promise<void> {
    await this.#ask(options, (client) => client.ping(), same);
  }

  /** Ends all connections; calls that wait, and later ones, reject with the code "closed". */
  close(): void {
    this.#pool.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #send(
    toRequest: () => PlanRequest,
    options?: CallOptions,
  ): Promise<ClientPlan> {
    return this.#call(
      options,
      (client) => sendPlan(toRequest(), client),
      toClientPlan,
    );
  }

  /** A call that changes nothing, which is made again where the connection was lost before the answer. */
  async #ask<Wire, Value>(
    options: CallOptions | undefined,
    run: (client: ThriftClient) => Promise<Wire>,
    read: (wire: Wire) => Value,
  ): Promise<Value> {
    try {
      return await this.#call(options, run, read);
    } catch (error) {
      const isLost = error instanceof ForsunError &&
        error.code === ForsunCode.connection;
      if (!isLost || options?.signal?.aborted) throw error;
      return await this.#call(options, run, read);
    }
  }

  async #call<Wire, Value>(
    { signal }: CallOptions = {},
    run: (client: ThriftClient) => Promise<Wire>,
    read: (wire: Wire) => Value,
  ): Promise<Value> {
    signal?.throwIfAborted();
    const calling = this.#pool.take()
      .then(({ client }) => {
        signal?.throwIfAborted();
        return run(client);
      });
    return read(await unlessAborted(calling, signal).catch(throwOurs));
  }
}

function toPlans(
  plans: readonly WirePlan[],
): ClientPlan[] {
  return plans.map(toClientPlan);
}

function same<Value>(value: Value): Value {
  return value;
}

/** The daemon's refusals as the errors of this client. */
function throwOurs(error: unknown): never {
  if (error instanceof ForsunPlanError || error instanceof Refusal) {
    throw new ForsunError(error.code, error.message, { cause: error });
  }
  throw error;
}

async function unlessAborted<Value>(
  calling: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return await calling;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
  });
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([calling, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
