import type { Histogram } from "../telemetry/histogram.ts";
import type { Timings } from "../telemetry/timings.ts";

/** A series that is shown under a name of its own; `key` is that of `info`. */
interface Series {
  readonly key: string;
  readonly labels?: string;
}

interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly series: readonly Series[];
}

/** What is told of both interfaces; HTTP's keys of `info` begin with `http_`. */
function perTransport(
  key: string,
  metric: Omit<Metric, "series">,
): Metric {
  return {
    ...metric,
    series: [
      { key, labels: 'transport="thrift"' },
      { key: `http_${key}`, labels: 'transport="http"' },
    ],
  };
}

function counter(name: string, key: string, help: string): Metric {
  return { name, type: "counter", help, series: [{ key }] };
}

function gauge(name: string, key: string, help: string): Metric {
  return { name, type: "gauge", help, series: [{ key }] };
}

const metrics: readonly Metric[] = [
  gauge("forsun_plans", "plan_count", "Plans in the store"),
  gauge("forsun_claims", "claimed_count", "Occurrences being executed"),
  gauge(
    "forsun_retries_waiting",
    "retry_waiting_count",
    "Occurrences that wait for their next attempt",
  ),
  {
    name: "forsun_plans_created_total",
    type: "counter",
    help: "Plans created",
    series: [
      { key: "created_count", labels: 'kind="calendar"' },
      { key: "create_timeouted_count", labels: 'kind="timeout"' },
    ],
  },
  counter("forsun_plans_removed_total", "removed_count", "Plans removed"),
  gauge("forsun_actions_running", "action_executing_count", "Actions running"),
  counter(
    "forsun_actions_total",
    "action_executed_count",
    "Attempts that ended",
  ),
  counter(
    "forsun_action_errors_total",
    "action_executed_error_count",
    "Attempts that failed",
  ),
  counter(
    "forsun_action_retries_total",
    "action_retried_count",
    "Attempts that failed and are followed by another",
  ),
  counter("forsun_ticks_total", "timer_loop_count", "Seconds looked at"),
  counter(
    "forsun_claim_errors_total",
    "timer_loop_ready_error_count",
    "Seconds whose plans could not be claimed",
  ),
  perTransport("connecting_count", {
    name: "forsun_connections",
    type: "gauge",
    help: "Open connections",
  }),
  perTransport("connected_count", {
    name: "forsun_connections_total",
    type: "counter",
    help: "Connections accepted",
  }),
  perTransport("requesting_count", {
    name: "forsun_requests_running",
    type: "gauge",
    help: "Requests being answered",
  }),
  perTransport("requested_count", {
    name: "forsun_requests_total",
    type: "counter",
    help: "Requests answered",
  }),
  perTransport("requested_error_count", {
    name: "forsun_request_errors_total",
    type: "counter",
    help: "Requests refused",
  }),
  counter(
    "forsun_log_lines_dropped_total",
    "log_dropped_count",
    "Log lines that their target took too slowly",
  ),
  {
    name: "process_cpu_seconds_total",
    type: "counter",
    help: "CPU time used",
    series: [
      { key: "cpu_user", labels: 'mode="user"' },
      { key: "cpu_system", labels: 'mode="system"' },
    ],
  },
  gauge("process_resident_memory_bytes", "mem_rss", "Resident memory"),
  gauge("process_start_time_seconds", "start_time", "When the daemon started"),
];

/** What `info` and the timings say, as text for Prometheus. */
export function formatMetrics(
  info: Readonly<Record<string, string>>,
  timings: Timings,
): string {
  const lines: string[] = [];
  for (const { name, type, help, series } of metrics) {
    lines.push(...head(name, type, help));
    for (const { key, labels } of series) {
      lines.push(`${name}${labels ? `{${labels}}` : ""} ${info[key] ?? 0}`);
    }
  }
  const { forsun_version: version, current_store: store } = info;
  lines.push(...head("forsun_info", "gauge", "What runs here"));
  lines.push(`forsun_info{version="${version}",store="${store}"} 1`);

  const lateness = "forsun_lateness_seconds";
  lines.push(
    ...head(lateness, "histogram", "From the scheduled second to the start"),
    ...histogramLines(lateness, "", timings.lateness),
  );
  const duration = "forsun_action_duration_seconds";
  lines.push(...head(duration, "histogram", "How long attempts took"));
  for (const [action, histogram] of timings.durations) {
    const labels = `action=${JSON.stringify(action)}`;
    lines.push(...histogramLines(duration, labels, histogram));
  }
  return `${lines.join("\n")}\n`;
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function histogramLines(
  name: string,
  labels: string,
  { bounds, counts, sum, count }: Histogram,
): string[] {
  const lines: string[] = [];
  const before = labels === "" ? "" : `${labels},`;
  let within = 0;
  for (const [at, bound] of bounds.entries()) {
    within += counts[at];
    lines.push(`${name}_bucket{${before}le="${bound}"} ${within}`);
  }
  const own = labels === "" ? "" : `{${labels}}`;
  return [
    ...lines,
    `${name}_bucket{${before}le="+Inf"} ${count}`,
    `${name}_sum${own} ${sum}`,
    `${name}_count${own} ${count}`,
  ];
}
