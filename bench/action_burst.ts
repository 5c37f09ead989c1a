import type { Daemon } from "./daemon.ts";
import { type Load, runLoad } from "./load.ts";
import type { Workspace } from "./workspace.ts";

/** Something that plans call back, and that can be asked how often they have. */
export interface Receiver {
  arrived(): Promise<number>;
}

/** How long after its second a burst arrived, and what went wrong. */
export interface ActionBurst {
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  /** Actions that failed at one of their attempts. */
  readonly failures: number;
}

/**
 * Creates `count` plans that are due in one second, and waits until as many
 * callbacks have arrived. Their receiver is asked every few milliseconds.
 */
export async function fireActionBurst(
  { daemon, receiver, workspace, load }: {
    readonly daemon: Daemon;
    readonly receiver: Receiver;
    readonly workspace: Workspace;
    readonly load: Load;
  },
  count: number,
): Promise<ActionBurst> {
  const before = await daemon.failures();
  const arrivedBefore = await receiver.arrived();
  // 20,000 plans a second can be created by far.
  const at = Math.ceil(Date.now() / 1000 + 2 + count / 20_000);
  await runLoad({ port: daemon.port, workspace }, {
    connections: 16,
    pipeline: 16,
    ...load,
    total: count,
    at,
  });
  const sinceSecond = () => Date.now() / 1000 - at;
  let firstSeconds: number | undefined;
  for (;;) {
    const arrived = await receiver.arrived() - arrivedBefore;
    if (arrived > 0) firstSeconds ??= sinceSecond();
    if (arrived >= count) break;
    if (sinceSecond() > maxSeconds) {
      throw new Error(`Only ${arrived} of ${count} plans arrived`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const lastSeconds = sinceSecond();
  const failures = await daemon.failures() - before;
  return { firstSeconds: firstSeconds ?? lastSeconds, lastSeconds, failures };
}

const maxSeconds = 60;
