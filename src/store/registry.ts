import {
  type MemoryStoreOptions,
  openMemoryStore,
} from "./memory/open_memory_store.ts";
import type { Store } from "./store.ts";

const stores = {
  mem: openMemoryStore,
} satisfies Record<string, (options: StoreOptions) => Promise<Store>>;

/** What any store may need to open. */
export type StoreOptions = MemoryStoreOptions;

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
