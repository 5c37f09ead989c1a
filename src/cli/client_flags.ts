import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { readClientToken, type TokenFlags } from "./client_token.ts";
import { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** The flags of every command that talks to the daemon, as they were given. */
export interface ClientFlags extends TokenFlags {
  readonly host?: string;
  readonly port?: string;
  readonly timeout?: string;
  readonly tls?: boolean;
  readonly ca?: string;
  readonly json?: boolean;
  readonly showSecrets?: boolean;
}

export const defaultHost = "127.0.0.1";
export const defaultPort = 6458;
export const defaultTimeoutSeconds = 10;

/**
 * A session as the flags say.
 * @throws {ForsunError} 1007 at a number that isn't one
 */
export function openSession(flags: ClientFlags, terminal: Terminal): Session {
  const { host = defaultHost, json = false, showSecrets = false } = flags;
  if (host === "") throw invalidArgument('--host must not be empty, got ""');
  return new Session({
    host,
    tls: flags.tls ?? flags.ca !== undefined,
    caFile: flags.ca,
    token: () => readClientToken(flags, (name) => Deno.env.get(name)),
    port: readNumber("--port", flags.port, 65_535) ?? defaultPort,
    timeoutSeconds: readNumber("--timeout", flags.timeout, 86_400) ??
      defaultTimeoutSeconds,
    isJson: json,
    showSecrets,
    terminal,
  });
}

/**
 * The whole number, 1 to `most`, that a flag gives.
 * @throws {ForsunError} 1007 at anything else
 */
export function readNumber<Text extends string | undefined>(
  flag: string,
  text: Text,
  max: number,
): number | Extract<Text, undefined> {
  if (text === undefined) return undefined as Extract<Text, undefined>;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw invalidArgument(
    `${flag} must be a whole number from 1 to ${max}, got ${quote(text)}`,
  );
}
