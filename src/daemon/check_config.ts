import { openAccess } from "../access/open_access.ts";
import type { Config } from "../config/load_config.ts";
import type { Clock } from "../core/time.ts";
import { isSocketAt } from "../net/listen_unix.ts";
import { readPemPair } from "../net/pem_pair.ts";
import { checkAddresses } from "./check_addresses.ts";
import { loadActions } from "./load_actions.ts";
import { pemFilesOf } from "./open_listeners.ts";
import { checkStore } from "./open_store.ts";
import { httpAddressOf } from "./serve_http.ts";

/**
 * Finds what would keep a daemon with this configuration from starting, by what
 * a start does: extensions are loaded and ended again. A daemon that runs is not
 * disturbed: ports that are in use count as its own, and no store is opened.
 * @throws {Error} the line that a start would end with
 */
export async function checkConfig(
  config: Config,
  { clock }: { readonly clock: Clock },
): Promise<void> {
  await openAccess(config, { clock, reloads: undefined });
  const http = httpAddressOf(config);
  const pemFiles = pemFilesOf(config);
  if (pemFiles !== undefined) await readPemPair(pemFiles);
  const { bindAddress: hostname, port, socket, httpSocket } = config;
  checkAddresses([{ hostname, port }, ...http === undefined ? [] : [http]]);
  for (const path of [socket, httpSocket]) {
    if (path !== undefined) await isSocketAt(path);
  }
  const { signal } = new AbortController();
  await using loaded = await loadActions(config, {
    clock,
    signal,
    reloads: undefined,
  });
  await checkStore(config, loaded);
}
