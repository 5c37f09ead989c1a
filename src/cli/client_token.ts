import { invalidArgument } from "../core/errors.ts";
import { osReason } from "../core/os_reason.ts";

/** The flags that say what token to show. */
export interface TokenFlags {
  readonly token?: string;
  readonly tokenFile?: string;
}

/**
 * The token to show to the daemon: that of --token, of the file of --token-file,
 * of FORSUN_TOKEN, or of the file that FORSUN_TOKEN_FILE names; undefined for
 * none. Of a file the first entry counts, and a role in front of it does not.
 * @throws {Error} one line, when a file can't be read or has none
 */
export async function readClientToken(
  flags: TokenFlags,
  environment: (name: string) => string | undefined,
): Promise<string | undefined> {
  if (flags.token !== undefined) return flags.token;
  if (flags.tokenFile !== undefined) return await readFile(flags.tokenFile);
  const token = environment("FORSUN_TOKEN");
  if (token) return token;
  const path = environment("FORSUN_TOKEN_FILE");
  return path ? await readFile(path) : undefined;
}

async function readFile(path: string): Promise<string> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(`Cannot read the token file ${path}: ${osReason(error)}`, {
      cause: error,
    });
  }
  const found = /^(?!#)(?:(?:read|write|admin)[ \t:]+)?(\S+)/m.exec(text);
  if (found !== null) return found[1];
  throw invalidArgument(`The token file ${path} has no token in it`);
}
