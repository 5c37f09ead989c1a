import {
  clockOffset,
  flag,
  storeName,
  storePath,
  wholeNumber,
} from "../value_schemas.ts";
import { oneOf } from "../word_schemas.ts";
import type { IdleOption, Option } from "./option.ts";
import { redisStoreOptions } from "./redis_store.ts";

/** Options of [store]: where plans live. */
export const storeOptions = {
  driver: {
    name: "store.driver",
    flag: "driver",
    value: "NAME",
    about: "where plans live: mem, redis, or the store of an extension",
    schema: storeName,
    default: "mem",
  },
  statusExpirySeconds: {
    name: "store.status_expried",
    about: "seconds for which a plan that is over can be looked at",
    schema: wholeNumber(0, 31_536_000),
    default: "0",
  },
  memStoreFile: {
    name: "store.mem_store_file",
    flag: "driver-mem-store-file",
    value: "FILE",
    about: "plans are kept in the folder FILE.d",
    schema: storePath,
    default: "~/.forsun.dump",
  },
  memClockOffset: {
    name: "store.mem_clock_offset",
    flag: "mem-clock-offset",
    value: "SECONDS",
    about:
      "added to the seconds of the first daemon's FILE, which is imported once; the zone's standard time when empty",
    schema: clockOffset,
    default: "",
  },
  memFsync: {
    name: "store.mem_fsync",
    flag: "mem-fsync",
    value: "WHEN",
    about: "when the journal is forced to disk: always, everysec or no",
    schema: oneOf(["always", "everysec", "no"]),
    default: "always",
  },
  strictRecovery: {
    name: "store.strict_recovery",
    flag: "strict-recovery",
    about: "refuse to start on a damaged journal",
    schema: flag,
    default: "false",
  },
  ...redisStoreOptions,
} as const satisfies Readonly<Record<string, Option>>;

/** Keys of the first daemon that have no meaning here. */
export const idleStoreOptions: readonly IdleOption[] = [
  {
    name: "store.mem_time_rate",
    reason: "plans are on disk before they are acknowledged",
  },
  { name: "store.redis_max_connections" },
  { name: "store.redis_client_timeout" },
  { name: "store.redis_bulk_size" },
  { name: "store.redis_currenttime_expried" },
  { name: "store.redis_plan_expried" },
  { name: "store.redis_plantime_expried" },
];
