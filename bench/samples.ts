import { type Row, row } from "./table.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

/** Collects what several runs measure, and makes a row of each quantity. */
export class Samples {
  readonly #quantities = new Map<string, Quantity>();

  add(
    what: string,
    value: number,
    kind: { readonly unit: Unit; readonly target?: Target },
  ): void {
    const known = this.#quantities.get(what);
    if (known === undefined) {
      this.#quantities.set(what, { kind, values: [value] });
    } else {
      known.values.push(value);
    }
  }

  /** In the order in which the quantities were first measured. */
  rows(): readonly Row[] {
    return [...this.#quantities].map(([what, { kind, values }]) =>
      row(what, values, kind)
    );
  }
}

interface Quantity {
  readonly kind: { readonly unit: Unit; readonly target?: Target };
  readonly values: number[];
}
