import { type Clock, currentSecond } from "../core/time.ts";
import type { NodeIdentity, NodeReport } from "../store/store.ts";
import type { StoreGate } from "./store_gate.ts";

/** The live nodes that share the store, in the words of the wire; this one, where there is no other. */
export async function listNodes(
  { gate, node, clock }: {
    readonly gate: StoreGate;
    readonly node: NodeIdentity;
    readonly clock: Clock;
  },
): Promise<Record<string, string>[]> {
  const store = gate.current ?? await gate.opened();
  const nodes = await store.nodes?.() ?? [{
    ...node,
    seenAt: currentSecond(clock),
    lagMs: 0,
    leases: (await store.stats()).claimedCount,
  }];
  return nodes.map(toStrings);
}

function toStrings(node: NodeReport): Record<string, string> {
  return {
    name: node.name,
    version: node.version,
    mode: node.mode,
    time_zone: node.timeZone,
    actions: node.actions.join(" "),
    start_time: String(node.startedAt),
    seen_time: String(node.seenAt),
    lag_ms: String(node.lagMs),
    leases: String(node.leases),
  };
}
