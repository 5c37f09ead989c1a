import { options } from "../../config/options.ts";
import { retryDelaySeconds } from "../../core/retry_policy.ts";

/** What `forsun help retries` prints. */
export function explainRetries(): string {
  const { retryMaxCount, retryDelaySeconds: delay, retryDelayRate } = options;
  const policy = {
    maxCount: Number(retryMaxCount.default),
    delaySeconds: Number(delay.default),
    delayRate: Number(retryDelayRate.default),
    backoff: "linear",
  } as const;
  const waits = Array.from(
    { length: policy.maxCount },
    (_, index) => `${retryDelaySeconds(policy, index + 1, 1)} s`,
  );
  return `What happens when an action fails.

A failure that can pass is tried again, up to retry_max_count times (${policy.maxCount}), and
waits for delay + delay x rate x its number before each: ${
    waits.join(", ")
  } by default
(${delay.name}, ${delay.default}, and ${retryDelayRate.name}, ${retryDelayRate.default}).

  can pass                                cannot
  http   no connection, time-outs, 408,   other 4xx, a bad URL
         429 (Retry-After counts), 5xx
  redis, thrift, beanstalk, mysql
         connection lost or refused,      the server's own error reply
         time-outs, a server that is busy
  shell  it could not be started          an exit status other than 0

A plan has its own rules in the params retry_max_count, retry_delay_seconds and
retry_backoff (linear, or exponential: the delay doubles each time, with jitter).

Retries are attempts of the same occurrence: receivers see X-Forsun-Attempt. They
survive a restart. forsun get KEY --json shows the last outcome.`;
}
