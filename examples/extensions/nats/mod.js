// @ts-check

/**
 * An extension of forsun: the action `nats` publishes a message to a NATS
 * server. It is plain JavaScript without packages, so that the compiled program
 * can load it, too:
 *
 *     forsun serve --extension-path examples/extensions --extension nats
 *     forsun "set hello *\/5/1 * * * * * nats 'subject=greetings;body=hello'"
 *
 * Params: subject (required), body, host (127.0.0.1), port (4222), user,
 * password, token, connect_timeout (5 s), request_timeout (10 s).
 *
 * @import { ActionResult, Call, Extension, ExtensionHost, Params } from "../../../mod.ts"
 */
import { NatsConnection, ServerRefusal } from "./connection.js";

/** @implements {Extension} */
class NatsExtension {
  /** @type {Map<string, Promise<NatsConnection>>} By server and login, the open ones. */
  #connections = new Map();

  /** @param {ExtensionHost} host */
  init(host) {
    const read = (/** @type {Params} */ params) => readParams(host, params);
    host.registerAction("nats", {
      concurrency: 256,
      timeoutSeconds: 120,
      check: (params) => void read(params),
      destination: (params) => {
        const { hostname, port } = read(params);
        return `${hostname}:${port}`;
      },
      execute: (call, signal) => this.#publish(read(call.params), call, signal),
    });
  }

  dispose() {
    for (const connecting of this.#connections.values()) {
      connecting.then((connection) => connection.close(), () => {});
    }
    this.#connections.clear();
  }

  /**
   * @param {NatsParams} params
   * @param {Call} call
   * @param {AbortSignal} signal
   * @returns {Promise<ActionResult>}
   */
  async #publish(params, call, signal) {
    const { subject, body, requestMs } = params;
    let step = "cannot connect";
    try {
      const connection = await this.#connect(params);
      step = "cannot publish";
      await limited(
        requestMs,
        (over) => connection.publish(subject, body, over),
        signal,
      );
      return { kind: "succeeded", detail: `published ${call.key}` };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return {
        kind: "failed",
        detail: `${step}: ${reason}`,
        // What the server itself refuses it would refuse again.
        retryable: !(error instanceof ServerRefusal),
      };
    }
  }

  /**
   * The connection to the plan's server: one that is open or opening, or a new one.
   * @param {NatsParams} params
   */
  #connect(params) {
    const { hostname, port, user, pass, token, connectMs } = params;
    const name = JSON.stringify([hostname, port, user, pass, token]);
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    if (this.#connections.size >= maxConnections) {
      throw new Error(`there are ${maxConnections} connections already`);
    }
    const connecting = limited(
      connectMs,
      (over) => NatsConnection.open(params, over),
    );
    this.#connections.set(name, connecting);
    const forget = () => void this.#connections.delete(name);
    connecting.then(({ ended }) => ended.then(forget), forget);
    return connecting;
  }
}

/** Plans may name many servers. */
const maxConnections = 256;

/**
 * @typedef {ReturnType<typeof readParams>} NatsParams
 */

/**
 * What a plan's params mean; throws what the client is to read.
 * @param {ExtensionHost} host
 * @param {Params} given
 */
function readParams(host, given) {
  const params = host.readParams("nats", given);
  const subject = params.required("subject");
  if (!/^[^\s.*>]+(\.[^\s.*>]+)*$/.test(subject)) {
    throw params.refusal("subject", "must be words with dots between them");
  }
  const seconds = { min: 0.001, max: 100 };
  return {
    subject,
    body: new TextEncoder().encode(params.optional("body") ?? ""),
    hostname: params.optional("host") || "127.0.0.1",
    port: params.integer("port", { min: 1, max: 65_535 }) ?? 4222,
    user: params.optional("user"),
    pass: params.optional("password"),
    token: params.optional("token"),
    connectMs: params.seconds("connect_timeout", seconds) ?? 5000,
    requestMs: params.seconds("request_timeout", seconds) ?? 10_000,
  };
}

/**
 * Runs something that gives up when its signal aborts, which it does after `ms`.
 * @template Value
 * @param {number} ms
 * @param {(signal: AbortSignal) => Promise<Value>} run
 * @param {AbortSignal} [outer] aborts it as well
 */
async function limited(ms, run, outer) {
  const over = new AbortController();
  const late = new Error(`took over ${ms / 1000} s`);
  const timer = setTimeout(() => over.abort(late), ms);
  const signals = outer === undefined ? [over.signal] : [over.signal, outer];
  try {
    return await run(AbortSignal.any(signals));
  } finally {
    clearTimeout(timer);
  }
}

export default new NatsExtension();
