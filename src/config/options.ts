import { accessOptions } from "./options/access.ts";
import { actionOptions, idleActionOptions } from "./options/action.ts";
import { limitOptions } from "./options/limits.ts";
import { extensionOptions, idleExtensionOptions } from "./options/extension.ts";
import { globalOptions, idleGlobalOptions } from "./options/global.ts";
import type { IdleOption } from "./options/option.ts";
import { idleStoreOptions, storeOptions } from "./options/store.ts";

export type { IdleOption, Option } from "./options/option.ts";

/** All options that have a meaning, under the names that the program knows them by. */
export const options = {
  ...globalOptions,
  ...accessOptions,
  ...limitOptions,
  ...storeOptions,
  ...actionOptions,
  ...extensionOptions,
} as const;

/** Options that are accepted, with a warning that they have no effect. */
export const idleOptions: readonly IdleOption[] = [
  ...idleGlobalOptions,
  ...idleStoreOptions,
  ...idleActionOptions,
  ...idleExtensionOptions,
];
