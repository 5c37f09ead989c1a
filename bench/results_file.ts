/** A benchmark's part of BENCHMARKS.md. */
export interface Section {
  readonly name: string;
  /** What stands below its heading. */
  readonly text: string;
}

/**
 * Puts a section into a text of sections, in the place of the one of its name
 * or where `order` has it. What stands before the first section stays, and so
 * do sections that `order` doesn't know.
 */
export function putSection(
  file: string,
  section: Section,
  order: readonly string[],
): string {
  const [preface, ...parts] = file.split(/^(?=## )/m);
  const rank = (part: string) => order.indexOf(nameOf(part));
  const others = parts.filter((part) => nameOf(part) !== section.name);
  const text = `## ${section.name}\n\n${section.text.trim()}\n\n`;
  const place = others.findIndex((part) =>
    rank(part) > order.indexOf(section.name)
  );
  const end = place === -1 ? others.length : place;
  const before = others.slice(0, end).map((part) => `${part.trim()}\n\n`);
  const sections = [...before, text, ...others.slice(end)];
  return `${preface.trim()}\n\n${sections.join("").trim()}\n`;
}

function nameOf(part: string): string {
  return /^## (.*)$/m.exec(part)?.[1].trim() ?? "";
}
