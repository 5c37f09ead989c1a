/**
 * The interface of forsun, a timer service. Clients of the first daemon work
 * with it unchanged: what they know keeps its ids, names and defaults, and what
 * is new has new ones.
 *
 * Times are UTC seconds since 1970. Binary or compact protocol, buffered or
 * framed transport, all on the same port.
 */

/** A refusal. Codes:
 *    1001 unknown error           1005 could not remove
 *    1002 the time never comes    1006 unknown action
 *    1003 plan not found          1007 argument missing or invalid
 *    1004 could not save          1008 key exists already
 *    1009 not authorized          1010 another role is needed
 *    1011 over a limit that the daemon sets
 */
exception ForsunPlanError {
  1: i16 code,
  2: string message
}

/** How the last occurrence that is over ended. */
struct ForsunOutcome {
  /** 1 succeeded, -1 failed */
  1: required i16 status,
  /** the attempt that ended it, 1 is the first */
  2: required i32 attempt,
  3: required i32 ended_at,
  4: required i32 duration_ms,
  /** the error, or the tail of the output */
  5: required string detail
}

struct ForsunPlan {
  /** true: runs after a delay; false: runs at moments of the calendar */
  1: required bool is_time_out,
  2: required string key,
  3: required i16 second,
  4: i16 minute = -1,
  5: i16 hour = -1,
  6: i16 day = -1,
  7: i16 month = -1,
  8: i16 week = -1,
  /** 0 when nothing follows; 2147483647 when it lies beyond 2038-01-19 */
  9: required i32 next_time,
  /** of the last occurrence: 0 pending or unknown, 1 succeeded, -1 failed */
  10: i16 status = 0,
  /** runs in all, 0 has no end */
  11: i16 count = 0,
  /** runs so far */
  12: i16 current_count = 0,
  /** the last occurrence, 0 when there was none */
  13: i32 last_timeout = 0,
  14: string action = "shell",
  15: map<string, string> params = {},
  /** a cron expression, which then stands for the time fields */
  16: optional string cron,
  /** set by inspect and getPlans */
  17: optional i32 created_time,
  /** set by inspect and getPlans */
  18: optional ForsunOutcome outcome
}

service Forsun {
  i16 ping(),

  /** Creates or replaces a plan that runs when the clock shows the fields; -1 is any. */
  ForsunPlan create(
    1: string key, 2: i16 second, 3: i16 minute = -1, 4: i16 hour = -1,
    5: i16 day = -1, 6: i16 month = -1, 7: i16 week = -1,
    8: string action = "shell", 9: map<string, string> params = {}
  ) throws (1: ForsunPlanError err),

  /** Creates or replaces a plan that runs after a delay, count times. */
  ForsunPlan createTimeout(
    1: string key, 2: i16 second, 3: i16 minute = -1, 4: i16 hour = -1,
    5: i16 day = -1, 6: i16 month = -1, 7: i16 week = -1, 8: i16 count = 1,
    9: string action = "shell", 10: map<string, string> params = {}
  ) throws (1: ForsunPlanError err),

  /** Returns the plan that was removed. */
  ForsunPlan remove(1: string key) throws (1: ForsunPlanError err),

  ForsunPlan get(1: string key) throws (1: ForsunPlanError err),

  /** The plans that are due in the current second or being executed for it. */
  list<ForsunPlan> getCurrent(),

  /** The plans whose next occurrence is that second. */
  list<ForsunPlan> getTime(1: i32 timestamp),

  list<string> getKeys(1: string prefix),

  /** What a receiver of the thrift action implements; the daemon does not. */
  void forsun_call(1: string key, 2: i32 ts, 3: map<string, string> params),

  map<string, string> info(),

  /** Creates or replaces a plan that runs when a cron expression says so. */
  ForsunPlan createCron(
    1: string key, 2: string cron, 3: string action = "shell",
    4: map<string, string> params = {}
  ) throws (1: ForsunPlanError err),

  /**
   * As get, with everything that is known of the plan; reveal shows an admin
   * passwords and tokens as they are.
   */
  ForsunPlan inspect(1: string key, 2: bool reveal = false) throws (1: ForsunPlanError err),

  /**
   * Plans in the byte order of their keys: those that begin with prefix and
   * come behind after (empty: from the first on), at most limit (1 to 10000);
   * reveal as in inspect.
   */
  list<ForsunPlan> getPlans(
    1: string prefix, 2: string after, 3: i32 limit = 1000,
    4: bool reveal = false
  ) throws (1: ForsunPlanError err),

  /**
   * Puts a plan back that was elsewhere before, with its next_time,
   * current_count, last_timeout, status and created_time. A next_time that has
   * passed runs at once, one that the calendar does not have moves to the next
   * that it has. Refuses a plan that is over (1002) and, unless replace is set,
   * a key that exists (1008). A dry run stores nothing.
   */
  ForsunPlan restore(1: ForsunPlan plan, 2: bool replace = false, 3: bool dry_run = false)
    throws (1: ForsunPlanError err),

  /**
   * Shows who the client is, before any other call of the connection; returns
   * the role that the token has: read, write or admin. Needed only where the
   * daemon has tokens.
   */
  string auth(1: string token) throws (1: ForsunPlanError err),

  /**
   * Plans in the order of next_time, then of the bytes of their keys: those
   * that begin with prefix and come behind the place that after_second and
   * after_key are, at most limit (1 to 10000). Fewer than limit are the last.
   * Plans without a next_time are left out, as are those beyond 2038-01-19;
   * reveal as in inspect.
   */
  list<ForsunPlan> getDuePlans(
    1: string prefix, 2: i32 after_second = 0, 3: string after_key = "",
    4: i32 limit = 1000, 5: bool reveal = false
  ) throws (1: ForsunPlanError err),

  /**
   * The live nodes that share the plans: name, version, mode, start_time,
   * seen_time, lag_ms (how late it claimed of late), leases (occurrences that
   * it has claimed).
   */
  list<map<string, string>> getNodes() throws (1: ForsunPlanError err)
}
