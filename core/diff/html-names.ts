const setOf = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/** Never have content (WHATWG HTML, 13.1.2). */
export const VOID = setOf("area base br col embed hr img input link meta source track wbr");

/** Hold text only, up to their end tag. */
export const RAW_TEXT = setOf("script style textarea title xmp iframe noembed noframes");

/** In whose text references stand for characters (RCDATA). */
export const ESCAPABLE_RAW_TEXT = setOf("textarea title");

/** White space in these is shown, or read, as it is. */
export const PREFORMATTED = setOf("pre textarea listing plaintext xmp script style");

/** Their end tags may be left out (WHATWG HTML, 13.1.2.4). */
export const OPTIONAL_END = setOf(
  "html head body li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th",
);

/** White space at their edges is not shown. */
export const BLOCK = setOf(
  "html head body title meta link base script style address article aside blockquote br center dd details dialog dir div dl " +
    "dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol " +
    "optgroup option p pre search section summary table caption colgroup col tbody thead tfoot tr td th ul #doctype",
);

const CELLS = setOf("td th");
const ROWS = setOf("td th tr");
const GROUPS = setOf("td th tr tbody thead tfoot caption colgroup");
const PARAGRAPH = setOf("p");
const CLOSES_PARAGRAPH = setOf(
  "address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form h1 h2 h3 h4 " +
    "h5 h6 header hgroup hr li main menu nav ol p pre search section summary table ul",
);

const CLOSES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["li", setOf("li p")],
  ["dt", setOf("dt dd p")],
  ["dd", setOf("dt dd p")],
  ["option", setOf("option")],
  ["optgroup", setOf("option optgroup")],
  ["td", CELLS],
  ["th", CELLS],
  ["tr", ROWS],
  ["tbody", GROUPS],
  ["thead", GROUPS],
  ["tfoot", GROUPS],
  ["body", setOf("head")],
]);

/** The open elements that end where an element of that name begins. */
export const closedBy = (name: string): ReadonlySet<string> | undefined =>
  CLOSES.get(name) ?? (CLOSES_PARAGRAPH.has(name) ? PARAGRAPH : undefined);
