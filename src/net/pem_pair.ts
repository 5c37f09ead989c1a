import { getLogger } from "@logtape/logtape";
import { osReason } from "../core/os_reason.ts";
import type { Clock } from "../core/time.ts";

/** A certificate with its chain, and its key, as PEM. */
export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

/** The files of a pair. */
export interface PemFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Reads a pair that belongs together.
 * @throws {Error} one line, when the files can't be read or make no pair
 */
export async function readPemPair(files: PemFiles): Promise<PemPair> {
  const { certFile, keyFile } = files;
  const pair = { cert: await read(certFile), key: await read(keyFile) };
  try {
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...pair }).close();
    return pair;
  } catch (error) {
    throw new Error(
      `Cannot use ${certFile} with ${keyFile}: ${osReason(error)}`,
      { cause: error },
    );
  }
}

export interface PemWatchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly reloads: Set<() => Promise<void>> | undefined;
  /** Is called with each pair that is another than the last. */
  readonly onChange: (pair: PemPair) => Promise<void>;
}

/**
 * Reads the pair again every minute, and at each reload, until `signal` aborts.
 * What can't be used is told once, and changes nothing.
 */
export function watchPemPair(
  files: PemFiles,
  first: PemPair,
  { clock, signal, reloads, onChange }: PemWatchOptions,
): void {
  let last = first;
  let told = "";
  let checking = Promise.resolve();
  async function check(): Promise<void> {
    try {
      const pair = await readPemPair(files);
      told = "";
      if (pair.cert === last.cert && pair.key === last.key) return;
      await onChange(pair);
      last = pair;
      logger.info("TLS goes on with the new {certFile}", { ...files });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== told) {
        logger.error("TLS stays as it is: {reason}", { reason });
      }
      told = reason;
    }
  }
  const checkInTurn = () => checking = checking.then(check);
  reloads?.add(checkInTurn);
  (async () => {
    while (!signal.aborted) {
      await clock.sleep(checkMs, signal);
      if (!signal.aborted) await checkInTurn();
    }
  })();
}

const logger = getLogger(["forsun", "tls"]);
const checkMs = 60_000;

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${osReason(error)}`, {
      cause: error,
    });
  }
}
