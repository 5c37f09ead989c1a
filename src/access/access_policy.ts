import {
  contains,
  type IpAddress,
  type Network,
  parseIpAddress,
  parseNetwork,
} from "../core/network.ts";
import type { Clock } from "../core/time.ts";
import { Caller, type CallerRules, isUnixSocket } from "./caller.ts";
import { FailedLogins } from "./failed_logins.ts";
import { type Role, roles } from "./role.ts";
import { findToken, type Token } from "./tokens.ts";

/** A network whose clients need no token. */
export interface AllowedNetwork {
  readonly network: Network;
  readonly role: Role;
}

/** Who may do what. Without any, everyone may do everything. */
export interface AccessRules {
  readonly tokens: readonly Token[];
  readonly allowed: readonly AllowedNetwork[];
}

/** Knows who may do what, for all transports; its rules can be replaced while it is in use. */
export class AccessPolicy implements CallerRules {
  readonly failedLogins: FailedLogins;
  #rules: AccessRules = { tokens: [], allowed: [] };
  #generation = 0;

  constructor(clock: Pick<Clock, "monotonicMs">, rules?: AccessRules) {
    this.failedLogins = new FailedLogins(clock);
    if (rules !== undefined) this.replace(rules);
  }

  get isOpen(): boolean {
    const { tokens, allowed } = this.#rules;
    return tokens.length === 0 && allowed.length === 0;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Puts other rules into force, at once and for connections that there are, too. */
  replace(rules: AccessRules): void {
    this.#rules = rules;
    this.#generation++;
  }

  /** A client that has come from `address`, before it has said anything. */
  greet(address: Deno.Addr): Caller {
    const isLocal = !("hostname" in address);
    return new Caller(this, isLocal ? address.transport : address.hostname);
  }

  /** A unix socket has file modes instead of rules. */
  roleOfPlace(place: string): Role | undefined {
    if (this.isOpen || isUnixSocket(place)) return "admin";
    const address = parseIpAddress(place);
    return address === undefined ? undefined : this.#roleOfAddress(address);
  }

  find(text: string): Token | undefined {
    return findToken(this.#rules.tokens, text);
  }

  roleOfToken({ digest }: Token): Role | undefined {
    const hex = digest.toHex();
    return this.#rules.tokens.find((token) => token.digest.toHex() === hex)
      ?.role;
  }

  #roleOfAddress(address: IpAddress): Role | undefined {
    const found = this.#rules.allowed
      .filter(({ network }) => contains(network, address))
      .map(({ role }) => roles.indexOf(role));
    return roles[Math.max(...found)];
  }
}

/**
 * Reads `CIDR[=ROLE]`, several between `;`; the role is write where none is given.
 * @throws {Error} that says which is none
 */
export function parseAllowed(text: string): AllowedNetwork[] {
  const parts = text.split(";").map((part) => part.trim()).filter(Boolean);
  return parts.map((part) => {
    const [block, word = "write"] = part.split("=").map((side) => side.trim());
    const network = parseNetwork(block);
    const role = roles.find((name) => name === word);
    if (network === undefined || role === undefined) {
      throw new Error(
        `must be CIDR or CIDR=ROLE, such as 10.0.0.0/8=read, got ${
          JSON.stringify(part)
        }`,
      );
    }
    return { network, role };
  });
}
