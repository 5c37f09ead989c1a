import { ForsunError as Refusal } from "../core/errors.ts";
import type { PlanRequest } from "../core/plan_request.ts";
import { ForsunPlanError, type ThriftClient } from "../thrift/generated.ts";
import { sendPlan } from "../thrift/send_plan.ts";
import { TApplicationException } from "../thrift/thrift_runtime.ts";
import { AbortWaits } from "./abort_waits.ts";
import { checkText, checkWhole } from "./check_arguments.ts";
import { ForsunCode, ForsunError } from "./client_error.ts";
import { checkOptions, type ForsunClientOptions } from "./client_options.ts";
import {
  type ClientPlan,
  type NewCalendarPlan,
  type NewCronPlan,
  type NewTimeoutPlan,
  toClientPlan,
} from "./client_plan.ts";
import { calendarRequest, cronRequest, timeoutRequest } from "./new_plan.ts";
import { ConnectionPool } from "./connection_pool.ts";

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
 * import { ForsunClient } from "forsun-client";
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
  readonly #waits = new AbortWaits();

  /** @throws {RangeError} or TypeError, at an option that makes no sense */
  constructor(options: ForsunClientOptions = {}) {
    checkOptions(options);
    const { host, port, path, tls, token } = options;
    const { connections = 1, timeoutMs = 10_000, connectTimeoutMs = 10_000 } =
      options;
    this.#pool = new ConnectionPool({
      place: { host, port, path, tls },
      connections,
      timeoutMs,
      connectTimeoutMs,
      prepare: async ({ client }) => {
        if (token !== undefined) await this.#answer(client.auth(token), {});
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
  async get(key: string, options?: CallOptions): Promise<ClientPlan> {
    checkText("key", key);
    return toClientPlan(await this.#ask((client) => client.get(key), options));
  }

  /** As get, with all that is known of the plan. */
  async inspect(key: string, options?: CallOptions): Promise<ClientPlan> {
    checkText("key", key);
    return toClientPlan(
      await this.#ask((client) => client.inspect(key), options),
    );
  }

  /** Removes the plan and gives it back; rejects with code 1003 when there is none. */
  async remove(key: string, options?: CallOptions): Promise<ClientPlan> {
    checkText("key", key);
    return toClientPlan(
      await this.#call((client) => client.remove(key), options),
    );
  }

  /** The keys that begin with `prefix`, in order; up to a million. */
  async keys(prefix = "", options?: CallOptions): Promise<string[]> {
    checkText("prefix", prefix);
    return await this.#ask((client) => client.getKeys(prefix), options);
  }

  /** Plans in the order of their keys, page by page, however many they are. */
  async *plans(
    { prefix = "", after = "", pageSize = 1000, ...options }: PlansOptions = {},
  ): AsyncGenerator<ClientPlan, void, void> {
    checkText("prefix", prefix);
    checkText("after", after);
    checkWhole("pageSize", pageSize, { min: 1, max: 10_000 });
    for (let behind = after;;) {
      const page = await this.#ask(
        (client) => client.getPlans(prefix, behind, pageSize),
        options,
      );
      const last = page.at(-1);
      if (last === undefined) return;
      yield* page.map(toClientPlan);
      behind = last.key;
    }
  }

  /** The plans whose next run is at that second. */
  async time(second: number, options?: CallOptions): Promise<ClientPlan[]> {
    checkWhole("second", second, { min: 0, max: maxSecond });
    const plans = await this.#ask((client) => client.getTime(second), options);
    return plans.map(toClientPlan);
  }

  /** The plans that are due in the current second, or being executed for it. */
  async current(options?: CallOptions): Promise<ClientPlan[]> {
    const plans = await this.#ask((client) => client.getCurrent(), options);
    return plans.map(toClientPlan);
  }

  /** What the daemon tells of itself. */
  info(options?: CallOptions): Promise<Record<string, string>> {
    return this.#ask((client) => client.info(), options);
  }

  /** Resolves when the daemon answers. */
  async ping(options?: CallOptions): Promise<void> {
    await this.#ask((client) => client.ping(), options);
  }

  /** Ends all connections; calls that wait, and later ones, reject with the code "closed". */
  close(): void {
    this.#pool.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #send(
    toRequest: () => PlanRequest,
    options?: CallOptions,
  ): Promise<ClientPlan> {
    const request = translated(toRequest);
    return toClientPlan(
      await this.#call((client) => sendPlan(request, client), options),
    );
  }

  /** A call that changes nothing, which is made again where the connection was lost before the answer. */
  async #ask<Wire>(run: Run<Wire>, options: CallOptions = {}): Promise<Wire> {
    const client = await this.#take(options);
    try {
      return await this.#answer(run(client), options);
    } catch (error) {
      const isLost = error instanceof ForsunError &&
        error.code === ForsunCode.connection;
      if (!isLost) throw error;
    }
    return await this.#call(run, options);
  }

  async #call<Wire>(run: Run<Wire>, options: CallOptions = {}): Promise<Wire> {
    const client = await this.#take(options);
    return await this.#answer(run(client), options);
  }

  /** What to make a call by, unless the signal has aborted. */
  async #take({ signal }: CallOptions): Promise<ThriftClient> {
    signal?.throwIfAborted();
    const taking = this.#pool.take();
    const { client } =
      await (signal === undefined ? taking : this.#waits.until(signal, taking));
    signal?.throwIfAborted();
    return client;
  }

  async #answer<Wire>(
    calling: Promise<Wire>,
    { signal }: CallOptions,
  ): Promise<Wire> {
    try {
      return await (signal === undefined
        ? calling
        : this.#waits.until(signal, calling));
    } catch (error) {
      throw toOurs(error);
    }
  }
}

type Run<Wire> = (client: ThriftClient) => Promise<Wire>;

function translated<Value>(run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    throw toOurs(error);
  }
}

/** The daemon's refusals, and those of what it shares with this client, as errors of this client. */
function toOurs(error: unknown): unknown {
  if (error instanceof ForsunPlanError || error instanceof Refusal) {
    return new ForsunError(error.code, error.message, { cause: error });
  }
  if (error instanceof TApplicationException) {
    return new ForsunError(ForsunCode.unknown, error.message, { cause: error });
  }
  return error;
}

/** As far as the 32 bits of the interface reach. */
const maxSecond = 2 ** 31 - 1;
