import { getLogger } from "@logtape/logtape";
import { ParamReader } from "../action/params.ts";
import { advance } from "../core/advance.ts";
import type { Clock } from "../core/time.ts";
import { version } from "../version.ts";
import type { ExtensionHost, ExtensionLog } from "./extension.ts";
import type { Registrations } from "./registrations.ts";

/** What an extension is given; `close` ends the time in which it may register. */
export function createHost(
  { name, registrations, clock, signal }: {
    readonly name: string;
    readonly registrations: Registrations;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): { readonly host: ExtensionHost; readonly close: () => void } {
  let isOpen = true;
  const checkOpen = () => {
    if (!isOpen) throw new Error("init has ended, it is too late to register");
  };
  const host: ExtensionHost = {
    version,
    clock,
    signal,
    log: createLog(name),
    registerAction(action, definition) {
      checkOpen();
      registrations.addAction(action, definition);
    },
    registerStore(store, open) {
      checkOpen();
      registrations.addStore(store, open);
    },
    readParams: (action, params) => new ParamReader(action, params),
    advance,
  };
  return { host, close: () => void (isOpen = false) };
}

function createLog(name: string): ExtensionLog {
  const log = getLogger(["forsun", "extension", name]);
  return {
    debug: (text) => log.debug("{text}", { text }),
    info: (text) => log.info("{text}", { text }),
    warn: (text) => log.warn("{text}", { text }),
    error: (text) => log.error("{text}", { text }),
  };
}
