import type { Action } from "../action/action.ts";
import type { SecretPlaces } from "../action/secret_reference.ts";
import { wantedActions } from "../action/wanted_actions.ts";
import { withSecrets } from "../action/with_secrets.ts";
import type { Config } from "../config/load_config.ts";
import type { Clock } from "../core/time.ts";
import {
  type LoadedExtensions,
  loadExtensions,
} from "../extension/load_extensions.ts";
import { storeNames } from "../store/registry.ts";
import { createActions } from "./create_actions.ts";

/** What plans can have done. Disposing ends actions and extensions. */
export interface LoadedActions extends AsyncDisposable {
  /** Those that plans may use, by name. */
  readonly actions: ReadonlyMap<string, Action>;
  readonly extensions: LoadedExtensions;
}

/**
 * The built-in actions and those of extensions, which are loaded here.
 * @throws {Error} one line, when an extension can't be loaded or a name has no action
 */
export async function loadActions(
  config: Config,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly reloads: Set<() => Promise<void>> | undefined;
  },
): Promise<LoadedActions> {
  await using resources = new AsyncDisposableStack();
  const builtIns = await createActions(config, options);
  const extensions = resources.use(
    await loadExtensions({
      names: config.extensions,
      folder: config.extensionPath,
      limitMs: config.extensionSeconds * 1000,
      taken: {
        actions: [...builtIns.keys(), "sh", "bash"],
        stores: storeNames,
      },
      ...options,
    }),
  );
  const all = new Map([...builtIns, ...extensions.actions]);
  for (const action of all.values()) resources.use(action);
  const places = secretPlacesOf(config);
  const wanted = [...wantedActions(all, config.actions)];
  const actions = new Map(
    wanted.map(([name, action]) => [name, withSecrets(action, places)]),
  );
  const owned = resources.move();
  return {
    actions,
    extensions,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function secretPlacesOf(config: Config): SecretPlaces {
  return { prefix: config.secretPrefix, folder: config.secretFolder };
}
