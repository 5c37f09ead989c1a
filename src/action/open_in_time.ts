import {
  givenUp,
  noConnection,
  noConnectionWithin,
  noReplyWithin,
  ServerFailure,
} from "./server_failure.ts";

export interface OpenInTimeOptions {
  /** As messages name it. */
  readonly server: string;
  readonly timeoutMs: number;
  /** Its abort ends the attempt. */
  readonly signal: AbortSignal;
  /** Whether the server has accepted by now. */
  isConnected(): boolean;
  /** What the connection broke of, if that is known. */
  reason(): unknown;
  /** Closes what there is of the connection. */
  abandon(): void;
}

/**
 * What `opening` resolves to: a connection whose server has said something. A
 * server that doesn't in time, refuses or can't be found is a failure that can
 * pass, and `opening` may itself reject with a {@link ServerFailure}.
 */
export async function openInTime<Opened>(
  opening: Promise<Opened>,
  options: OpenInTimeOptions,
): Promise<Opened> {
  const { server, timeoutMs, signal } = options;
  const cut = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const late = options.isConnected() ? noReplyWithin : noConnectionWithin;
    cut.reject(late(server, timeoutMs));
  }, timeoutMs);
  const giveUp = () => cut.reject(givenUp());
  signal.addEventListener("abort", giveUp);
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([opening, cut.promise]);
  } catch (error) {
    options.abandon();
    if (error instanceof ServerFailure) throw error;
    throw noConnection(server, options.reason() ?? error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}
