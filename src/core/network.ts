import { isIP } from "node:net";

/** An IP address as a number of 128 bits; IPv4 lies in ::ffff:0:0/96. */
export type IpAddress = bigint;

/** A block of addresses. */
export interface Network {
  readonly first: IpAddress;
  /** How many of an address's 128 bits are the network's. */
  readonly bits: number;
}

/** The address that `text` writes out, a zone behind `%` not counted; undefined when it is none. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const [address] = text.replace(/^\[(.*)\]$/, "$1").split("%", 1);
  switch (isIP(address)) {
    case 4:
      return fourInSix | parseFour(address);
    case 6:
      return parseSix(address);
    default:
      return undefined;
  }
}

/** The network that `10.0.0.0/8`, `fd00::/8` or a single address stands for; undefined when it is none. */
export function parseNetwork(text: string): Network | undefined {
  const [, address, length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const parsed = parseIpAddress(address ?? "");
  if (parsed === undefined) return undefined;
  const max = isIP(address) === 4 ? 32 : 128;
  const given = length === undefined ? max : Number(length);
  if (given > max) return undefined;
  const bits = given + 128 - max;
  const left = BigInt(128 - bits);
  return { first: (parsed >> left) << left, bits };
}

/**
 * Whether the address is of the network.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const network = parseNetwork("10.0.0.0/8");
 * const address = parseIpAddress("10.1.2.3");
 * assert(network !== undefined && address !== undefined);
 * assert(contains(network, address));
 * ```
 */
export function contains(
  { first, bits }: Network,
  address: IpAddress,
): boolean {
  const left = BigInt(128 - bits);
  return address >> left === first >> left;
}

/** Whether a host to listen on is one that only this machine reaches. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === "localhost") return true;
  const address = parseIpAddress(host);
  return address !== undefined &&
    loopback.some((network) => contains(network, address));
}

const fourInSix = 0xffff_0000_0000n;

const loopback: readonly Network[] = [
  { first: fourInSix | 0x7f00_0000n, bits: 104 },
  { first: 1n, bits: 128 },
];

function parseFour(text: string): bigint {
  return text.split(".").reduce((sum, part) => sum << 8n | BigInt(part), 0n);
}

function parseSix(text: string): bigint {
  const inner = text.replace(/[\d.]+$/, (end) => {
    if (!end.includes(".")) return end;
    const four = parseFour(end);
    return `${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
  });
  const [head, tail] = inner.split("::");
  const front = groupsOf(head);
  const back = groupsOf(tail ?? "");
  const zeros = Array<string>(8 - front.length - back.length).fill("0");
  return [...front, ...zeros, ...back]
    .reduce((sum, group) => sum << 16n | BigInt(`0x${group}`), 0n);
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
