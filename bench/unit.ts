/** How values of one kind are written. */
export interface Unit {
  format(value: number): string;
}

function unit(suffix: string, digits?: number): Unit {
  return { format: (value) => `${formatNumber(value, digits)}${suffix}` };
}

export const units = {
  perSecond: unit("/s", 0),
  milliseconds: unit(" ms"),
  seconds: unit(" s"),
  nanoseconds: unit(" ns"),
  bytes: unit(" B", 0),
  megabytes: unit(" MB", 0),
  percent: unit(" %", 2),
  count: unit("", 0),
} as const satisfies Readonly<Record<string, Unit>>;

/** With `digits` decimals, or with three significant digits when it isn't said. */
function formatNumber(value: number, digits?: number): string {
  const size = Math.abs(value);
  const decimals = digits ?? (size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return value.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}
