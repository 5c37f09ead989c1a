import { anyNumber, quotas, wholeNumber } from "../value_schemas.ts";
import type { Option } from "./option.ts";

const bytes = wholeNumber(0, 1_073_741_824);

/** Options of [limits]: what a plan can't raise; 0 is no limit. */
export const limitOptions = {
  limitTimeout: {
    name: "limits.timeout_seconds",
    about:
      "the most that a plan's timeouts may be, the usual ones too; 0 is no limit",
    schema: anyNumber(0, 604_800),
    default: "0",
  },
  limitBodyBytes: {
    name: "limits.body_bytes",
    about: "the most that a plan's body may have; 0 is no limit",
    schema: bytes,
    default: "0",
  },
  limitParamsBytes: {
    name: "limits.params_bytes",
    about: "the most that a plan's params may have in all; 0 is no limit",
    schema: bytes,
    default: "0",
  },
  limitPlans: {
    name: "limits.plans",
    about: "how many plans there may be; 0 is no limit",
    schema: wholeNumber(0, 1_000_000_000),
    default: "0",
  },
  limitPrefixes: {
    name: "limits.plans_per_prefix",
    about: "how many plans there may be whose keys begin so, PREFIX=N;PREFIX=N",
    schema: quotas,
    default: "",
  },
} as const satisfies Readonly<Record<string, Option>>;
