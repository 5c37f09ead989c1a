import { getLogger } from "@logtape/logtape";
import { parseIpAddress } from "../core/network.ts";
import { ErrorCode, ForsunError } from "../core/errors.ts";
import { type FailedLogins, maxFailures } from "./failed_logins.ts";
import { mayDo, type Role } from "./role.ts";
import type { Token } from "./tokens.ts";

/** What is to be known of callers, and may change. */
export interface CallerRules {
  /** Whether everyone may do everything. */
  readonly isOpen: boolean;
  /** Differs whenever the rules do. */
  readonly generation: number;
  readonly failedLogins: FailedLogins;
  /** The token that `text` is. */
  find(text: string): Token | undefined;
  /** What a token is worth now; undefined when it is one no longer. */
  roleOfToken(token: Token): Role | undefined;
  /** What clients of a host may do without a token. */
  roleOfPlace(place: string): Role | undefined;
}

/** Whether a caller's place is a unix socket, whose file modes say who may open it. */
export function isUnixSocket(place: string): boolean {
  return place === "unix";
}

/** The other side of a connection or a request, and what it may do. */
export class Caller {
  readonly #policy: CallerRules;
  readonly #place: string;
  #token: Token | undefined;
  #role: Role | undefined;
  #generation = -1;

  /** `place` is the host that it called from, or `unix`. */
  constructor(policy: CallerRules, place: string) {
    this.#policy = policy;
    this.#place = place;
  }

  /** Whether it came by a unix socket, where no browser's page can come from. */
  get isOnUnixSocket(): boolean {
    return isUnixSocket(this.#place);
  }

  /** Whether it has sent one of the tokens that there are now: any will do where there are none, but proves nothing. */
  get hasToken(): boolean {
    return this.#token !== undefined &&
      this.#policy.roleOfToken(this.#token) !== undefined;
  }

  /** What it may do by the rules that hold now; undefined is nothing. */
  get role(): Role | undefined {
    const { generation } = this.#policy;
    if (this.#generation !== generation) {
      this.#generation = generation;
      this.#role = this.#findRole();
    }
    return this.#role;
  }

  /**
   * Takes the token that it sends. Where everyone may do everything any will do,
   * so that clients can have theirs before the daemon has.
   * @throws {ForsunError} 1009 when it is none, or after too many that were none
   */
  login(text: string): Role {
    if (this.#policy.isOpen) return "admin";
    const { failedLogins } = this.#policy;
    const place = placeToCount(this.#place);
    const seconds = failedLogins.secondsToWait(place);
    if (seconds > 0) {
      throw unauthorized(`too many wrong tokens, try again in ${seconds} s`);
    }
    const token = this.#policy.find(text);
    if (token === undefined) {
      tellFailure(this.#place, failedLogins.add(place));
      throw unauthorized("the token is wrong");
    }
    this.#token = token;
    this.#generation = -1;
    return token.role;
  }

  /** Whether it may do what `needed` is needed for. */
  can(needed: Role): boolean {
    const { role } = this;
    return role !== undefined && mayDo(role, needed);
  }

  /**
   * Returns when it may do what `needed` is needed for.
   * @throws {ForsunError} 1009 when nobody knows it, 1010 when its role is too low
   */
  demand(needed: Role): void {
    const { role } = this;
    if (role === undefined) throw unauthorized("a token is needed");
    if (this.can(needed)) return;
    throw new ForsunError(
      ErrorCode.forbidden,
      `Forbidden: this needs the role ${needed}, the token has ${role}`,
    );
  }

  /**
   * Whether secrets are shown to it as they are: to an admin who has asked. The
   * interfaces of the first daemon have no way to ask (undefined): there an
   * admin who needs no token sees what clients have always seen.
   */
  mayReveal(asked: boolean | undefined): boolean {
    if (this.role !== "admin") return false;
    return asked ?? this.#token === undefined;
  }

  #findRole(): Role | undefined {
    const byToken = this.#token && this.#policy.roleOfToken(this.#token);
    return byToken ?? this.#policy.roleOfPlace(this.#place);
  }
}

const logger = getLogger(["forsun", "access"]);

function unauthorized(reason: string): ForsunError {
  return new ForsunError(ErrorCode.unauthorized, `Not authorized: ${reason}`);
}

/**
 * An IPv6 network of 64 bits is one customer's, who has all of its addresses.
 * What lies in the first such network is not: IPv4, as a socket for both kinds
 * has it as well, and this machine.
 */
function placeToCount(place: string): string {
  const address = parseIpAddress(place);
  if (address === undefined) return place;
  const network = address >> 64n;
  return network === 0n ? address.toString(16) : `${network.toString(16)}/64`;
}

/** Not all of them: they may come by the thousand. */
function tellFailure(place: string, count: number): void {
  if (count === maxFailures) {
    logger.error(
      "{count} wrong tokens came from {place} within a minute, it has to wait",
      { count, place },
    );
  } else if (count === 1 || count === 10) {
    logger.warn("A wrong token came from {place}, {count} within a minute", {
      place,
      count,
    });
  }
}
