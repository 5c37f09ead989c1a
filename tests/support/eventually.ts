/** Resolves once `condition` holds; rejects when it does not within `withinMs`. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`Never: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
