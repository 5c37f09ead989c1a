import { getLogger } from "@logtape/logtape";
import { osReason } from "../core/os_reason.ts";
import { parseSigningKeys, type SigningKey } from "./http_signature.ts";

/** Where the keys are; it may change. */
export interface SigningSettings {
  /** As {@link parseSigningKeys} takes them. */
  readonly httpSigningKeys: string;
  /** A file of such. */
  readonly httpSigningKeyFile: string | undefined;
}

/**
 * Reads the keys, and has them read again at each reload; what is wrong by then
 * leaves them as they are. Gives a function that tells those that hold.
 * @throws {Error} one line that names the option
 */
export async function openSigningKeys(
  settings: SigningSettings,
  reloads: Set<() => Promise<void>> | undefined,
): Promise<() => readonly SigningKey[]> {
  let keys = await readKeys(settings);
  reloads?.add(async () => {
    try {
      keys = await readKeys(settings);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error("The signing keys stay as they are: {reason}", { reason });
    }
  });
  return () => keys;
}

const logger = getLogger(["forsun", "action"]);

async function readKeys(
  { httpSigningKeys, httpSigningKeyFile: path }: SigningSettings,
): Promise<readonly SigningKey[]> {
  const option = path === undefined
    ? "action.http_signing_keys"
    : `action.http_signing_key_file ${path}`;
  if (path !== undefined && httpSigningKeys !== "") {
    throw new Error(
      `${option} and action.http_signing_keys exclude each other`,
    );
  }
  const text = path === undefined ? httpSigningKeys : await read(path);
  try {
    return parseSigningKeys(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${option} ${reason}`, { cause: error });
  }
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(
      `Cannot read action.http_signing_key_file ${path}: ${osReason(error)}`,
      { cause: error },
    );
  }
}
