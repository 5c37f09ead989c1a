/** One way of authentication that a server offers. */
export interface AuthChallenge {
  /** In lower case. */
  readonly scheme: string;
  /** Values by names in lower case, quotes and escapes removed. */
  readonly params: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const param = new RegExp(
  `[\\s,]*(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))`,
  "y",
);
const scheme = new RegExp(
  `[\\s,]*(${token})(?:\\s+[A-Za-z0-9\\-._~+/]+=*(?=\\s*(?:,|$)))?`,
  "y",
);

/**
 * Reads a WWW-Authenticate header, or several joined with commas (RFC 9110,
 * 11.6.1), up to the first thing that it can't understand.
 */
export function parseChallenges(header: string): readonly AuthChallenge[] {
  const challenges: {
    readonly scheme: string;
    readonly params: Map<string, string>;
  }[] = [];
  let at = 0;
  while (at < header.length) {
    param.lastIndex = scheme.lastIndex = at;
    const pair = param.exec(header);
    const current = challenges.at(-1);
    if (pair !== null && current !== undefined) {
      const [, name, quoted, plain] = pair;
      current.params.set(
        name.toLowerCase(),
        plain ?? quoted.replace(/\\(.)/g, "$1"),
      );
      at = param.lastIndex;
      continue;
    }
    const begun = scheme.exec(header);
    if (begun === null) break;
    challenges.push({ scheme: begun[1].toLowerCase(), params: new Map() });
    at = scheme.lastIndex;
  }
  return challenges;
}
