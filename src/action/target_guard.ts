import { networkInterfaces } from "node:os";
import { lookupAddresses } from "../core/lookup_addresses.ts";
import {
  contains,
  type IpAddress,
  type Network,
  parseIpAddress,
  parseNetwork,
} from "../core/network.ts";
import { quote } from "../core/quote.ts";

/** Addresses that calls may be kept from. */
export const targetKinds = ["loopback", "link-local", "private"] as const;
export type TargetKind = typeof targetKinds[number];

/** A call that leads where it must not; trying again doesn't help. */
export class ForbiddenTarget extends Error {
  override readonly name = "ForbiddenTarget";
}

/** Finds the addresses of a name. */
export type Lookup = (name: string) => Promise<readonly string[]>;

export interface TargetGuardOptions {
  /** Asks the system unless given. */
  readonly lookup?: Lookup;
  /** The addresses of this machine's interfaces; asks the system unless given. */
  readonly ownAddresses?: () => readonly string[];
}

/** For how long the addresses of the interfaces are believed, in milliseconds. */
const ownAddressesMs = 5000;

/** Knows which addresses may be called. */
export class TargetGuard {
  readonly #kinds: readonly TargetKind[];
  readonly #lookup: Lookup;
  readonly #readOwn: () => readonly string[];
  #own: ReadonlySet<IpAddress> = new Set();
  /** When to read them again, as performance.now() tells it. */
  #ownUntilMs = -Infinity;

  constructor(
    kinds: readonly TargetKind[],
    { lookup = lookupAddresses, ownAddresses = systemAddresses }:
      TargetGuardOptions = {},
  ) {
    this.#kinds = kinds;
    this.#lookup = lookup;
    this.#readOwn = ownAddresses;
  }

  /** Whether anything is forbidden. */
  get isOn(): boolean {
    return this.#kinds.length > 0;
  }

  /**
   * Returns when `host` is a name, or an address that may be called.
   * @throws {ForbiddenTarget}
   */
  checkAddress(host: string): void {
    // Each creation of an http plan comes by here.
    if (!this.isOn) return;
    const address = parseIpAddress(host);
    const kind = address === undefined ? undefined : this.#findKind(address);
    if (kind === undefined) return;
    throw new ForbiddenTarget(`${quote(host)} is a ${kind} address`);
  }

  /**
   * The addresses of `host`, one at least, all of which may be called. Connect to
   * one of them instead of the name, which may have others a moment later.
   * @throws {ForbiddenTarget} when one may not
   */
  async resolve(host: string): Promise<readonly string[]> {
    const bare = host.replace(/^\[(.*)\]$/, "$1");
    if (parseIpAddress(bare) !== undefined) {
      this.checkAddress(bare);
      return [bare];
    }
    const addresses = await this.#lookup(bare);
    if (addresses.length === 0) {
      throw new Error(`${quote(bare)} has no address`);
    }
    for (const address of addresses) {
      const parsed = parseIpAddress(address);
      const kind = parsed === undefined ? "strange" : this.#findKind(parsed);
      if (kind === undefined) continue;
      throw new ForbiddenTarget(`${quote(bare)} has a ${kind} address`);
    }
    return addresses;
  }

  /** What forbids `address`, if anything does. */
  #findKind(address: IpAddress): TargetKind | "local" | undefined {
    const inner = embedded(address);
    const found = this.#kinds.find((kind) =>
      networks[kind].some((network) => contains(network, inner))
    );
    if (found !== undefined || !this.#kinds.includes("loopback")) return found;
    return this.#isOwn(inner) ? "local" : undefined;
  }

  /** What an interface has leads to this machine, as loopback does. */
  #isOwn(address: IpAddress): boolean {
    const nowMs = performance.now();
    if (nowMs >= this.#ownUntilMs) {
      const parsed = this.#readOwn().map(parseIpAddress);
      this.#own = new Set(parsed.filter((own) => own !== undefined));
      this.#ownUntilMs = nowMs + ownAddressesMs;
    }
    return this.#own.has(address);
  }
}

const networks: Readonly<Record<TargetKind, readonly Network[]>> = {
  // 0.0.0.0 and :: lead to this machine as well.
  loopback: read("127.0.0.0/8", "0.0.0.0/8", "::1", "::"),
  "link-local": read("169.254.0.0/16", "fe80::/10"),
  // Also what is shared, reserved or for many: none of it is one public server.
  private: read(
    ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
    ...["192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/3", "fc00::/7"],
    ...["fec0::/10", "ff00::/8"],
  ),
};

const four = 0xffff_ffffn;

/** Blocks whose addresses hold one of IPv4, and which. */
const embeddings: readonly (readonly [
  Network,
  (address: IpAddress) => bigint,
])[] = [
  // Translators: RFC 6052, RFC 8215, RFC 2765.
  [readOne("64:ff9b::/96"), (address) => address],
  [readOne("64:ff9b:1::/48"), (address) => address],
  [readOne("::ffff:0:0:0/96"), (address) => address],
  // Tunnels: 6to4, and Teredo, which inverts the bits.
  [readOne("2002::/16"), (address) => address >> 80n],
  [readOne("2001::/32"), (address) => ~address],
];

/** The IPv4 address that an IPv6 address stands for, if it is one; else itself. */
function embedded(address: IpAddress): IpAddress {
  // ::a.b.c.d, but for :: and ::1
  if (address > 1n && address <= four) {
    return readOne("0.0.0.0").first | address;
  }
  for (const [network, innerOf] of embeddings) {
    if (!contains(network, address)) continue;
    return readOne("0.0.0.0").first | (innerOf(address) & four);
  }
  return address;
}

function read(...texts: readonly string[]): readonly Network[] {
  return texts.map(readOne);
}

function readOne(text: string): Network {
  const network = parseNetwork(text);
  if (network === undefined) throw new TypeError(`${text} is no network`);
  return network;
}

function systemAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    addresses?.map(({ address }) => address) ?? []
  );
}
