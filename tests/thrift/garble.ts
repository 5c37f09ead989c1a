import fc from "fast-check";

/** Where random numbers come from: fc.gen(), or a generator with a seed. */
export type Random = (min: number, max: number) => number;

/** Random numbers that belong to a property's input, so that failures come again. */
export function randomOf(gen: fc.GeneratorValue): Random {
  return (min, max) => gen(fc.integer, { min, max });
}

const telling = [0x00, 0x01, 0x0b, 0x0c, 0x0d, 0x0f, 0x7f, 0x80, 0x82, 0xff];

/** `bytes` with a few changes: some replaced, left out, repeated, added, or cut off. */
export function garble(bytes: Uint8Array, random: Random): Uint8Array {
  let result = [...bytes];
  const changes = random(1, 4);
  for (let change = 0; change < changes; change++) {
    const at = random(0, Math.max(0, result.length - 1));
    switch (random(0, 5)) {
      case 0:
        result[at] = random(0, 255);
        break;
      case 1:
        result[at] = telling[random(0, telling.length - 1)];
        break;
      case 2:
        result.splice(at, random(1, 4));
        break;
      case 3:
        result.splice(at, 0, ...result.slice(at, at + random(1, 40)));
        break;
      case 4:
        result.splice(at, 0, random(0, 255));
        break;
      case 5:
        result = result.slice(0, at + 1);
        break;
    }
  }
  return Uint8Array.from(result);
}
