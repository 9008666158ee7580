/** A fault put into one module, and a scenario that must notice it. */
export interface Mutation {
  readonly of: string;
  readonly does: string;
  readonly seenBy: string;
  /** What takes the place of some of the module's exports. */
  // biome-ignore lint/suspicious/noExplicitAny: the exports of any module
  readonly put: (actual: any) => object;
}

const nothing = (): undefined => undefined;

/** The comparison is blind for one kind. */
const blindFor = (kind: string, seenBy: string): Mutation => ({
  of: "core/diff/differences.ts",
  does: `${kind} is not seen`,
  seenBy,
  put: ({ Differences }) => ({
    Differences: class extends Differences {
      add(place: string, found: string, ...values: unknown[]) {
        if (found !== kind) super.add(place, found, ...values);
      }
    },
  }),
});

/** Exports replaced by constant functions. */
const gives = (of: string, does: string, seenBy: string, put: object): Mutation => ({
  of,
  does,
  seenBy,
  put: () => put,
});

const KINDS: readonly Mutation[] = [
  blindFor("status", "wire: 200 becomes 201 with the same answer"),
  blindFor("header", "wire: the CORS header is gone"),
  blindFor("failure", "environment: the candidate dies under load"),
  blindFor("value", "body: an enum changes its case"),
  blindFor("type", "body: a number becomes a string"),
  blindFor("added", "body: a field is added"),
  blindFor("removed", "body: a field is removed"),
  blindFor("order", "body: a list is reversed"),
];

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
const inPosition = (left: number, right: number) => ({
  pairs: range(0, Math.min(left, right)).flatMap((i) => [i, i]),
  restLeft: range(right, left),
  restRight: range(left, right),
  isReordered: false,
});

const MENDED = "schemas: the old version breaks the file and the new one mends it";

const COMPARATORS: readonly Mutation[] = [
  gives("core/diff/headers.ts", "headers are not compared", "wire: a redirect goes elsewhere", {
    compareHeaders: nothing,
  }),
  gives("core/diff/bodies.ts", "bodies are not compared", "body: a field is added", { compareBodies: nothing }),
  gives("core/diff/json-diff.ts", "JSON is not compared", "body: null becomes missing", { diffJson: nothing }),
  gives("core/diff/json-exact.ts", "numbers are doubles", "body: a big integer loses its last digits", {
    readExact: JSON.parse,
  }),
  gives("core/diff/json-exact.ts", "the last of two keys wins", "body: a key is written twice", {
    readExact: JSON.parse,
  }),
  gives("core/diff/json-value.ts", "scalars are equal", "body: times are shifted by a time zone", {
    isSameScalar: () => true,
  }),
  gives("core/diff/json-place.ts", "ids are names", "noise: an object whose keys are new with every answer", {
    stepOf: String,
  }),
  gives("core/diff/align.ts", "items are never moved", "body: sorting becomes unstable", {
    align: () => ({ matches: [], isReordered: false }),
  }),
  gives("core/diff/items.ts", "items belong together by position", "formats: server-sent events, one of them is lost", {
    matchItems: (left: readonly unknown[], right: readonly unknown[]) => inPosition(left.length, right.length),
  }),
  {
    of: "core/diff/json-items.ts",
    does: "rows belong together by another field than the rule says",
    seenBy: "rules: rows belong together by their code, and one is lost",
    put: ({ keyedLikeness }) => ({ keyedLikeness: () => keyedLikeness(["number"]) }),
  },
  gives("core/diff/media-types.ts", "all bodies are text", "body: a field is added", {
    readText: ({ text }: { text: string }) => ({ content: { kind: "text", format: "text", text } }),
  }),
  gives("core/diff/markup-text.ts", "white space in markup counts", "formats: a page laid out another way", {
    canonicalText: String,
    collapsed: String,
    isBlank: (text: string) => text === "",
  }),
  gives("core/diff/place-pattern.ts", "no rule is of any place", "rules: a score may jitter within its tolerance", {
    isMatch: () => false,
  }),
  gives("core/diff/json-lines.ts", "lines of JSON are text", "formats: lines of JSON, one field is removed", {
    readJsonLines: nothing,
  }),
  gives("core/diff/event-stream.ts", "events are text", "formats: server-sent events, each with its own id and time", {
    readEventStream: nothing,
  }),
  gives("core/diff/form.ts", "forms are text", "formats: a form without secrets, and one field is wrong", {
    readForm: nothing,
  }),
  gives("core/diff/multipart.ts", "parts are text", "formats: a multipart answer with its own boundary", {
    readMultipart: nothing,
  }),
  gives("core/diff/markup-read.ts", "HTML is text", "formats: a page written another way", { readHtml: nothing }),
  gives("core/diff/markup-read.ts", "XML is text", "formats: XML written another way", { readXml: nothing }),
  gives("core/diff/markup-diff.ts", "markup is not compared", "formats: XML loses an attribute", {
    diffMarkup: nothing,
  }),
  gives("core/diff/charset.ts", "all text is UTF-8", "wire: the same text in another charset, rightly labelled", {
    decodeText: (content: Uint8Array) => ({ text: Buffer.from(content).toString() }),
  }),
  gives("core/diff/tolerance.ts", "nothing is within a tolerance", "rules: a score may jitter within its tolerance", {
    isWithin: () => false,
  }),
  gives("core/diff/tolerance.ts", "all is within a tolerance", "rules: a score leaves its tolerance", {
    isWithin: () => true,
  }),
  gives("core/diff/rule-formats.ts", "all is of the format", "rules: a receipt is no uuid any more", {
    areOfFormat: () => true,
  }),
  gives("core/diff/similarity.ts", "all prose is alike", "rules: prose becomes an excuse", { similarity: () => 1 }),
  gives("core/diff/allowed.ts", "rules are not applied", "rules: a set of four may stand in any order", {
    createRulesOf: () => nothing,
  }),
  gives("core/diff/schemas.ts", "no answer is held against its schema", "schemas: a tier that the file does not know", {
    compareWithSchemas: nothing,
  }),
  gives("core/diff/schemas.ts", "what is mended counts as broken", MENDED, { isMended: () => false }),
  gives("core/diff/schema-check.ts", "no schema is broken", "schemas: a field that the file requires is gone", {
    violationsOf: () => [],
  }),
  gives("core/diff/schema-bounds.ts", "nothing has its type", "schemas: a value changes and stays within the file", {
    hasType: (_schema: unknown, value: unknown) => value !== 7,
  }),
  gives("core/diff/ignore.ts", "nothing is ignored", "environment: an expected change, ignored by rule", {
    isIgnored: nothing,
  }),
];

const emptied = (names: Set<string>): object => {
  names.clear();
  return {};
};

const CAPTURES: readonly Mutation[] = [
  gives("core/capture/content.ts", "nothing is decompressed", "wire: a value changes inside gzip", {
    decodeContent: (content: Uint8Array) => ({ content, decoded: false }),
  }),
  gives("core/capture/chunked.ts", "chunks stay", "noise: the same body in chunks", {
    dechunk: (bytes: Uint8Array) => bytes,
  }),
  gives("core/capture/endpoint.ts", "each target is an endpoint", "body: a field is added", {
    endpointOf: (method: string, target: string) => `${method} ${target}`,
  }),
  {
    of: "core/capture/volatile.ts",
    does: "no header is volatile",
    seenBy: "recorded: dynalite 4 instead of 3",
    put: ({ VOLATILE_HEADERS }) => emptied(VOLATILE_HEADERS),
  },
  {
    of: "core/capture/volatile.ts",
    does: "no header follows from the body",
    seenBy: "recorded: polka 1 instead of 0",
    put: ({ DERIVED_HEADERS }) => emptied(DERIVED_HEADERS),
  },
  {
    of: "core/capture/redact.ts",
    does: "every redaction has its own key",
    seenBy: "body: a secret that does not change stays equal behind its redaction",
    put: ({ createRedactor }) => {
      let calls = 0;
      const fresh = () => createRedactor(Buffer.from(`key ${calls++}`));
      const redactor = {
        headers: (list: unknown) => fresh().headers(list),
        target: (target: string) => fresh().target(target),
        endpoint: (method: string, target: string) => fresh().endpoint(method, target),
        body: (content: unknown, type: unknown) => fresh().body(content, type),
      };
      return { createRedactor: () => redactor };
    },
  },
  gives("core/capture/marker.ts", "all secrets look the same", "body: a secret changes behind its redaction", {
    createMark: () => () => "~r:s:0000000000000000",
  }),
];

const JUDGING: readonly Mutation[] = [
  {
    of: "core/noise/odd.ts",
    does: "the secondary is not asked",
    seenBy: "noise: a float that jitters in its last digits",
    put: ({ marksOf }) => ({
      marksOf: (primary: unknown, candidate: unknown, _: unknown, ...rest: unknown[]) =>
        marksOf(primary, candidate, undefined, ...rest),
    }),
  },
  gives("core/diff/formats.ts", "no format shows itself", "noise: a uuid, a ulid and a token of each answer", {
    formatOf: nothing,
  }),
  gives("core/noise/volatile.ts", "looks say nothing", "noise: a session cookie is new in every answer", {
    Looks: class {
      oddOf = nothing;
      timesWithin = nothing;
    },
  }),
  gives("core/noise/warm-up.ts", "nothing is warm-up", "environment: the candidate comes up late", {
    withoutWarmUp: (facts: object) => facts,
  }),
  gives("core/diff/formats.ts", "clocks are no clocks", "noise: time stamps of each answer in three notations", {
    areClockReadings: () => false,
  }),
  gives("core/diff/places.ts", "an answer is one place", "noise: random prose of a language model in one field", {
    countPlaces: () => 1,
  }),
  gives("core/noise/minute.ts", "minutes do not count", "environment: slower by a half, with a control", {
    asMinute: (it: object) => it,
  }),
  gives("core/noise/apply.ts", "ignored places stay", "environment: an ignored place beside a regression", {
    withoutIgnored: (facts: object) => ({ facts, hits: [] }),
  }),
  gives("core/verdict/evidence.ts", "one difference is proof", "noise: rare noise at many places", {
    alarmEvidence: (b: number) => (b > 0 ? 1_000 : -1),
  }),
  gives("core/verdict/evidence.ts", "nothing is proof", "body: a field is added", { alarmEvidence: () => -1 }),
  gives("core/verdict/evidence.ts", "few pairs are enough", "environment: too few pairs", {
    safeEvidence: () => 1_000,
  }),
  gives("core/verdict/safety.ts", "nothing is rare", "body: a rare change of a value below the tolerance", {
    isShownRare: () => false,
  }),
  gives("core/verdict/coverage.ts", "all is covered", "environment: a rare endpoint is not covered", {
    uncoveredOf: () => [],
  }),
  gives("core/verdict/validity.ts", "every run is valid", "environment: the candidate is down", { faultsOf: () => [] }),
  {
    of: "core/verdict/accounting.ts",
    does: "nothing is ever lost",
    seenBy: "environment: segments were lost on the way",
    put: ({ accountingOf }) => ({
      accountingOf: (...args: unknown[]) => ({
        ...accountingOf(...args),
        gap: { pairs: 0, segmentsMissing: 0, tees: [] },
      }),
    }),
  },
];

/** Modules of core/diff that compare nothing themselves: parts of those that are mutated, bounds, and words. */
export const PARTS: ReadonlySet<string> = new Set(
  "answer budget compare content fields html-names json-read json-survey limits markup markup-tree place rules stream-read text"
    .split(" ")
    .map((name) => `core/diff/${name}.ts`),
);

/** Scenarios are requests and answers: what calls are compared by is tested beside it, in test/core/diff/calls.test.ts. */
export const NOT_IN_SCENARIOS: ReadonlySet<string> = new Set(["core/diff/calls.ts"]);

export const MUTATIONS: readonly Mutation[] = [...KINDS, ...COMPARATORS, ...CAPTURES, ...JUDGING];
