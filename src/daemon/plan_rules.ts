import type { Config } from "../config/load_config.ts";
import type { RetryPolicy } from "../core/retry_policy.ts";
import type { Clock } from "../core/time.ts";
import { PlanLimits } from "../service/plan_limits.ts";

/** What plans may not exceed; undefined without any limit, so that requests don't wait for them. */
export function limitsOf(config: Config, clock: Clock): PlanLimits | undefined {
  const { limitPlans, limitPrefixes } = config;
  const all = limitPlans === 0 ? [] : [{ prefix: "", max: limitPlans }];
  const options = {
    timeoutSeconds: config.limitTimeout,
    bodyBytes: config.limitBodyBytes,
    paramsBytes: config.limitParamsBytes,
    quotas: [...all, ...limitPrefixes],
  };
  const { timeoutSeconds, bodyBytes, paramsBytes, quotas } = options;
  const has = timeoutSeconds + bodyBytes + paramsBytes + quotas.length > 0;
  return has ? new PlanLimits(options, clock) : undefined;
}

/** What happens to plans that fail, unless they say so themselves. */
export function retryPolicyOf(config: Config): RetryPolicy {
  return {
    get maxCount() {
      return config.retryMaxCount;
    },
    get delaySeconds() {
      return config.retryDelaySeconds;
    },
    get delayRate() {
      return config.retryDelayRate;
    },
    backoff: "linear",
  };
}
