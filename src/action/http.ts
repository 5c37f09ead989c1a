import { ForsunError, invalidArgument } from "../core/errors.ts";
import type { Params } from "../core/plan.ts";
import type { Clock } from "../core/time.ts";
import type { Action, ActionResult, Call } from "./action.ts";
import { ConnectProbes } from "./connect_probes.ts";
import { DigestSessions } from "./digest_sessions.ts";
import { createDirectHttpClient } from "./direct_http_client.ts";
import { exchange } from "./http_exchange.ts";
import { callHeaders } from "./http_headers.ts";
import { HttpLimits } from "./http_limits.ts";
import { describeReply } from "./http_reply.ts";
import {
  type HttpDefaults,
  type HttpMessage,
  type HttpRequest,
  isBareUrl,
  readHttpRequest,
} from "./http_request.ts";
import { noReplyResult, replyResult } from "./http_result.ts";
import { signature, type SigningKey } from "./http_signature.ts";
import { SocksProxy } from "./socks_proxy.ts";
import { ForbiddenTarget, type TargetGuard } from "./target_guard.ts";
import { TimerLists } from "./timer_lists.ts";

export interface HttpOptions extends HttpDefaults {
  /** How many requests may be under way to one server, 1 or more. */
  readonly concurrency: number;
  /** For receivers that name the time at which to try again. */
  readonly clock: Pick<Clock, "wallMs">;
  /** Messages are signed with each of them; they may change. */
  readonly signingKeys?: readonly SigningKey[];
  /** Keeps from addresses that are forbidden. */
  readonly guard?: TargetGuard;
}

/**
 * The action that sends an HTTP request. Params: url; method; body;
 * header_NAME; auth_username, auth_password, auth_mode; user_agent;
 * connect_timeout, request_timeout in seconds. Redirections are followed; a
 * status below 400 succeeds as soon as the reply's head is there, whatever
 * becomes of its body. The detail is the status and the beginning of the body.
 */
export function createHttpAction(options: HttpOptions): Action {
  const { guard } = options;
  const proxy = guard?.isOn ? new SocksProxy(guard) : undefined;
  const client = createDirectHttpClient({
    maxIdle: options.concurrency,
    proxyUrl: proxy?.url,
  });
  const timers = new TimerLists();
  const probes = new ConnectProbes({ timers, guard });
  const digests = new DigestSessions();

  function sign(message: HttpMessage): string {
    const nowMs = options.clock.wallMs();
    return signature(message, { keys: options.signingKeys ?? [], nowMs });
  }

  async function deliver(
    call: Call,
    { message, digest, ...limited }: HttpRequest & {
      readonly signal: AbortSignal;
    },
  ): Promise<ActionResult> {
    using limits = new HttpLimits({ ...limited, probes, timers });
    try {
      const headers = [...message.headers, ...callHeaders(call)];
      const reply = await exchange({ ...message, headers }, {
        client,
        digests,
        limits,
        guard,
        digest,
        sign: options.signingKeys?.length ? sign : undefined,
      });
      limits.finishing();
      return replyResult(reply, {
        detail: await describeReply(reply),
        nowMs: options.clock.wallMs(),
      });
    } catch (error) {
      return noReplyResult(error, limits);
    }
  }

  return {
    get concurrency() {
      return options.concurrency;
    },

    check(params: Params): void {
      // Most plans; to read them in full is a tenth of what creating them costs.
      if (!guard?.isOn && isBareUrl(params)) return;
      const { message } = readHttpRequest(params, options);
      try {
        guard?.checkAddress(message.url.hostname);
      } catch (error) {
        if (!(error instanceof ForbiddenTarget)) throw error;
        throw invalidArgument(
          `Param "url" must not lead there: ${error.message}`,
        );
      }
    },

    destination(params: Params): string {
      return URL.parse(params.url ?? "")?.origin ?? "";
    },

    async execute(call: Call, signal: AbortSignal): Promise<ActionResult> {
      try {
        return await deliver(call, {
          ...readHttpRequest(call.params, options),
          signal,
        });
      } catch (error) {
        if (!(error instanceof ForsunError)) throw error;
        return { kind: "failed", detail: error.message, retryable: false };
      }
    },

    [Symbol.asyncDispose](): Promise<void> {
      probes[Symbol.dispose]();
      timers[Symbol.dispose]();
      client.close();
      proxy?.[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
