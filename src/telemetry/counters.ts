/** What the daemon counts, under the names that `info` shows. */
export interface Counters {
  connecting_count: number;
  connected_count: number;
  requesting_count: number;
  requested_count: number;
  requested_error_count: number;
  http_connecting_count: number;
  http_connected_count: number;
  http_requesting_count: number;
  http_requested_count: number;
  http_requested_error_count: number;
  created_count: number;
  create_timeouted_count: number;
  removed_count: number;
  /** 1 while what is due is being claimed, else 0. */
  timeout_handling_count: number;
  /** Rounds of claiming that left nothing due, or nothing there was room for. */
  timeout_handled_count: number;
  action_executing_count: number;
  action_executed_count: number;
  action_executed_error_count: number;
  action_retried_count: number;
  timer_loop_count: number;
  /** Ticks that could not claim what was due. */
  timer_loop_ready_error_count: number;
  /** Lines that the log's target took too slowly or not at all. */
  log_dropped_count: number;
}

export function createCounters(): Counters {
  return {
    connecting_count: 0,
    connected_count: 0,
    requesting_count: 0,
    requested_count: 0,
    requested_error_count: 0,
    http_connecting_count: 0,
    http_connected_count: 0,
    http_requesting_count: 0,
    http_requested_count: 0,
    http_requested_error_count: 0,
    created_count: 0,
    create_timeouted_count: 0,
    removed_count: 0,
    timeout_handling_count: 0,
    timeout_handled_count: 0,
    action_executing_count: 0,
    action_executed_count: 0,
    action_executed_error_count: 0,
    action_retried_count: 0,
    timer_loop_count: 0,
    timer_loop_ready_error_count: 0,
    log_dropped_count: 0,
  };
}
