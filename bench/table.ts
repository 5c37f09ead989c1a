import { summarize, type Summary } from "./summary.ts";
import { judge, type Target } from "./target.ts";
import type { Unit } from "./unit.ts";

/** One measured quantity. */
export interface Row {
  readonly what: string;
  readonly summary: Summary;
  readonly unit: Unit;
  readonly target?: Target;
}

/** A row from what each run measured. */
export function row(
  what: string,
  values: readonly number[],
  { unit, target }: { readonly unit: Unit; readonly target?: Target },
): Row {
  return { what, summary: summarize(values), unit, target };
}

/** The rows as a Markdown table whose columns line up; targets hold at full scale only. */
export function renderTable(
  rows: readonly Row[],
  { hasTargets }: { readonly hasTargets: boolean },
): string {
  const cells = rows.map(({ what, summary, unit, target }) => [
    what,
    unit.format(summary.median),
    unit.format(summary.min),
    unit.format(summary.max),
    hasTargets && target !== undefined
      ? judge(target, summary.median, unit)
      : "",
  ]);
  const lines = [["", "median", "min", "max", "target"], ...cells];
  const widths = lines[0].map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column].length))
  );
  const [head, ...body] = lines.map((line) => renderLine(line, widths));
  const rule = widths.map((width, column) =>
    isNumeric(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width)
  );
  return [head, `| ${rule.join(" | ")} |`, ...body].join("\n");
}

function renderLine(
  line: readonly string[],
  widths: readonly number[],
): string {
  const cells = line.map((cell, column) =>
    isNumeric(column)
      ? cell.padStart(widths[column])
      : cell.padEnd(widths[column])
  );
  return `| ${cells.join(" | ")} |`;
}

/** The columns between the first and the last hold numbers. */
function isNumeric(column: number): boolean {
  return column > 0 && column < 4;
}
