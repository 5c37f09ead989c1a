/** Whole seconds since 1970-01-01T00:00:00Z, 0 to {@link maxUnixSeconds}. */
export type UnixSeconds = number;

/** The last second the stores can hold (unsigned 32 bits): 2106-02-07T06:28:15Z. */
export const maxUnixSeconds: UnixSeconds = 0xffff_ffff;

/** The last second an i32 on the Thrift interface can hold: 2038-01-19T03:14:07Z. */
export const maxThriftSeconds: UnixSeconds = 0x7fff_ffff;

/**
 * The only source of time. Wall time decides when a plan is due; monotonic
 * time measures waits and durations, so that clock steps can't stretch them.
 */
export interface Clock {
  /** Milliseconds since the epoch, may step in either direction. */
  wallMs(): number;
  /** Milliseconds from an arbitrary origin, never goes back. */
  monotonicMs(): number;
  /** Resolves after `ms` of monotonic time, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** As sleep, but wakes within a fraction of a millisecond, which costs up to 2 ms of a core. */
  sleepExactly(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A second as messages name it, such as `2038-01-19T03:14:07Z`. */
export function formatUtc(second: UnixSeconds): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}

/** The wall second that `clock` is in. */
export function currentSecond(clock: Clock): UnixSeconds {
  return Math.floor(clock.wallMs() / 1000);
}
