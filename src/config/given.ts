/** Where a value comes from, such as `--port`, `environment PORT`, `FILE line 3` or `default`. */
export type Origin = string;

/** A value as it was given, and where. */
export interface Given {
  readonly value: string;
  readonly origin: Origin;
}
