/**
 * Does `work` on what comes, on `limit` pieces at a time, and yields the
 * results in the order of the pieces, each as soon as it is there. When the
 * source fails, what has come is still worked on; then it is thrown.
 */
export async function* overlap<In, Out>(
  source: AsyncIterable<In>,
  { work, limit }: {
    /** Never rejects. */
    readonly work: (piece: In) => Promise<Out>;
    readonly limit: number;
  },
): AsyncGenerator<Out> {
  const pieces = source[Symbol.asyncIterator]();
  const running: Promise<Out>[] = [];
  let next: Promise<Arrival<In>> | undefined = arrival(pieces);
  let end: Arrival<In> | undefined;
  try {
    while (end === undefined || running.length > 0) {
      if (end === undefined && running.length < limit) {
        next ??= arrival(pieces);
      }
      const [oldest] = running;
      const first: Arrival<In> | "done" = await Promise.race([
        ...next === undefined ? [] : [next],
        ...oldest === undefined ? [] : [oldest.then(() => "done" as const)],
      ]);
      if (first === "done") {
        running.shift();
        yield await oldest;
        continue;
      }
      next = undefined;
      if (first.kind === "piece") running.push(work(first.piece));
      else end = first;
    }
    if (end?.kind === "failed") throw end.error;
  } finally {
    await pieces.return?.();
  }
}

type Arrival<In> =
  | { readonly kind: "piece"; readonly piece: In }
  | { readonly kind: "over" }
  | { readonly kind: "failed"; readonly error: unknown };

function arrival<In>(pieces: AsyncIterator<In>): Promise<Arrival<In>> {
  return pieces.next().then(
    ({ done, value }) =>
      done ? { kind: "over" } : { kind: "piece", piece: value },
    (error) => ({ kind: "failed", error }),
  );
}
