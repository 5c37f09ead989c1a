/** Resolves once `condition` holds; rejects when it does not within 20 s. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`Never: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
