/** HTML's own, of the many there are, that are written most; all others stay as they are written. */
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));|&(?![a-z#])/gi;

/**
 * One form for the ways to write a character. `&` itself stays `&amp;`, so that a reference that is not resolved here, such as one to
 * an entity that the document declares, is never taken for the text it is made of. Nothing is ever expanded.
 */
export const canonicalText = (text: string, isHtml: boolean): string => {
  const lined = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  if (!lined.includes("&")) return lined;
  return lined.replace(REFERENCE, (found, decimal?: string, hex?: string, name?: string) => {
    if (found === "&") return "&amp;";
    if (name !== undefined) return name === "nbsp" && !isHtml ? found : (NAMED[name] ?? found);
    return characterOf(decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)) ?? found;
  });
};

const characterOf = (code: number): string | undefined => {
  if (code === 0x26) return "&amp;";
  // Readers of HTML take some of these for other characters: as they are written they are only equal to themselves.
  const isOdd = code === 0 || code === 0x0d || code > 0x10ffff || (code >= 0x80 && code < 0xa0);
  return isOdd || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code);
};

/** Text without references, as CDATA has it. */
export const literalText = (text: string): string => text.replaceAll("&", "&amp;");

export const isBlank = (text: string): boolean => !/[^ \t\n\f\r]/.test(text);

/** A run of white space is one space (CSS Text, `white-space: normal`). */
export const collapsed = (text: string): string =>
  /[\t\n\f\r]| {2}/.test(text) ? text.replace(/[ \t\n\f\r]+/g, " ") : text;
