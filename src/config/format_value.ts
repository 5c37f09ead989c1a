/** A value of the configuration in the form that it is written in; empty for none. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.map(formatValue).join(";");
  if ("hostname" in value && "port" in value) {
    const { hostname, port } = value;
    const host = String(hostname);
    return `${host.includes(":") ? `[${host}]` : host}:${port}`;
  }
  if ("kind" in value) return formatRotation(value);
  if ("prefix" in value && "max" in value) {
    return `${value.prefix}=${value.max}`;
  }
  return JSON.stringify(value);
}

function formatRotation(
  value: { readonly kind: unknown; readonly bytes?: unknown },
): string {
  if (value.kind !== "size") return String(value.kind).toUpperCase();
  const bytes = Number(value.bytes);
  const [unit, size] = units.find(([, size]) => bytes % size === 0) ?? ["", 1];
  return `${bytes / size}${unit}`;
}

const units = [["G", 2 ** 30], ["M", 2 ** 20], ["K", 2 ** 10]] as const;
