import { getLogger } from "@logtape/logtape";

/**
 * What extensions and libraries throw where nobody catches it (in a timer, in a
 * socket's event, in a promise that is not awaited) is logged instead of ending
 * the daemon, which other plans need. Disposing restores the runtime's usual way.
 */
export function catchStrayErrors(): Disposable {
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    tell(event.error);
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    tell(event.reason);
  };
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  return {
    [Symbol.dispose]() {
      globalThis.removeEventListener("error", onError);
      globalThis.removeEventListener("unhandledrejection", onRejection);
    },
  };
}

function tell(error: unknown): void {
  logger.error("An error that nobody caught: {error}", { error });
}

const logger = getLogger(["forsun", "daemon"]);
