import { kindOf, shown } from "./check_arguments.ts";
import type { ClientPlace } from "./client_place.ts";

/** How a client reaches its daemon, and how long it waits. */
export interface ForsunClientOptions extends ClientPlace {
  /** Is shown to the daemon on each connection. */
  readonly token?: string;
  /** How many connections there may be, 1 to 1000; 1, which carries any number of calls at once, when not given. */
  readonly connections?: number;
  /** For how long the daemon may be silent while calls wait, in milliseconds, up to a day; 10,000 when not given. */
  readonly timeoutMs?: number;
  /** For how long connecting, also again, is tried, in milliseconds, up to a day; 10,000 when not given. */
  readonly connectTimeoutMs?: number;
}

/**
 * Refuses options that make no sense, before anything is connected.
 * @throws {RangeError} or TypeError, naming the option and its value
 */
export function checkOptions(options: ForsunClientOptions): void {
  for (const name of ["host", "path", "token"] as const) {
    const value: unknown = options[name];
    if (value === undefined || typeof value === "string" && value !== "") {
      continue;
    }
    const got = value === "" ? '""' : kindOf(value);
    throw new TypeError(`${name} must be a text, got ${got}`);
  }
  checkWhole("port", options.port, 65_535);
  checkWhole("connections", options.connections, 1000);
  checkDuration("timeoutMs", options.timeoutMs);
  checkDuration("connectTimeoutMs", options.connectTimeoutMs);
  const { tls } = options;
  if (tls === undefined || typeof tls === "object" && tls !== null) return;
  throw new TypeError(`tls must be an object, got ${kindOf(tls)}`);
}

function checkWhole(name: string, value: unknown, max: number): void {
  if (value === undefined) return;
  if (Number.isInteger(value) && isBetween(value, 1, max)) return;
  throw outOfRange(name, `a whole number, 1 to ${max}`, value);
}

function checkDuration(name: string, value: unknown): void {
  if (value === undefined || isBetween(value, 1, maxMs)) return;
  throw outOfRange(name, `1 to ${maxMs}`, value);
}

function isBetween(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}

function outOfRange(name: string, range: string, got: unknown): RangeError {
  return new RangeError(`${name} must be ${range}, got ${shown(got)}`);
}

const maxMs = 86_400_000;
