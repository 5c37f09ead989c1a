import { getLogger } from "@logtape/logtape";
import { osReason } from "../core/os_reason.ts";
import { type AccessRules, parseAllowed } from "./access_policy.ts";
import { parseTokens, type Token } from "./tokens.ts";

/** The rules as the configuration gives them. */
export interface AccessSettings {
  /** As {@link parseTokens} takes them. */
  readonly tokens: string;
  /** A file of such. */
  readonly tokenFile: string | undefined;
  /** As {@link parseAllowed} takes it. */
  readonly allow: string;
}

/**
 * Reads the rules, and the file of tokens. A file without tokens is a mistake:
 * with it everyone could do everything.
 * @throws {Error} one line that names the option
 */
export async function readAccessRules(
  { tokens, tokenFile, allow }: AccessSettings,
): Promise<AccessRules> {
  return {
    tokens: [
      ...naming("access.tokens", () => parseTokens(tokens)),
      ...tokenFile === undefined ? [] : await readTokenFile(tokenFile),
    ],
    allowed: naming("access.allow", () => parseAllowed(allow)),
  };
}

const logger = getLogger(["forsun", "access"]);

async function readTokenFile(path: string): Promise<readonly Token[]> {
  const option = `access.token_file ${path}`;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
    const { mode } = await Deno.stat(path);
    if (((mode ?? 0) & 0o004) !== 0) {
      logger.warn("Everyone on this machine can read the tokens in {path}", {
        path,
      });
    }
  } catch (error) {
    throw new Error(`Cannot read ${option}: ${osReason(error)}`, {
      cause: error,
    });
  }
  const tokens = naming(option, () => parseTokens(text));
  if (tokens.length === 0) throw new Error(`${option} has no token in it`);
  return tokens;
}

function naming<Value>(option: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${option} ${reason}`, { cause: error });
  }
}
