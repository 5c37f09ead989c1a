import {
  type MemoryStoreOptions,
  openMemoryStore,
} from "./memory/open_memory_store.ts";
import {
  openRedisStore,
  type RedisStoreOptions,
} from "./redis/open_redis_store.ts";
import type { Store } from "./store.ts";

const stores = {
  mem: ({ mem }) => openMemoryStore(mem()),
  redis: ({ redis }) => openRedisStore(redis()),
} satisfies Record<string, (options: StoreOptions) => Promise<Store>>;

/** What each store needs to open. */
export interface StoreOptions {
  readonly mem: () => MemoryStoreOptions;
  readonly redis: () => RedisStoreOptions;
}

/** The names under which stores are configured. */
export const storeNames: readonly string[] = Object.keys(stores);

/** Whether a store of that name comes with forsun. */
export function isStoreName(name: string): name is keyof typeof stores {
  return Object.hasOwn(stores, name);
}

/** Opens the store of that name. */
export function openStore(
  name: keyof typeof stores,
  options: StoreOptions,
): Promise<Store> {
  return stores[name](options);
}
