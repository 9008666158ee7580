import fc from "fast-check";
import { createRedactor } from "../../../core/capture/redact.ts";
import { NO_REDACTION, type Redaction } from "../../../core/capture/redaction.ts";

const KEY = Buffer.from("key");
const redactorOf = (redaction: Partial<Redaction>) => createRedactor(KEY, { ...NO_REDACTION, ...redaction });
const bodyOf = (redaction: Partial<Redaction>, text: string, contentType?: string) =>
  Buffer.from(redactorOf(redaction).body(Buffer.from(text), contentType)).toString();
/** Markers without their hashes. */
const seen = (text: string) => text.replace(/~r:([snbzoa]):[0-9a-f]{16}/g, "<$1>");

describe("by header name", () => {
  test.each([
    ["X-Customer", "42", "<s>"],
    ["x-customer", "a, b", "<s>"],
    ["X-Customer-Name", "Ann", "Ann"],
    ["X-Customer", "", ""],
  ])("%s: %s", (name, value, expected) => {
    const [[, got] = ["", ""]] = redactorOf({ headers: ["X-Customer"] }).headers([[name, value]]);
    expect(seen(got)).toBe(expected);
  });

  test("all lines of that name", () => {
    const list = redactorOf({ headers: ["x-tag"] }).headers([
      ["X-Tag", "a"],
      ["Accept", "b"],
      ["X-Tag", "c"],
    ]);
    expect(list.map(([, value]) => seen(value))).toEqual(["<s>", "b", "<s>"]);
  });
});

describe("by JSON pointer", () => {
  test.each([
    ["/iban", '{"iban":"DE1", "a":{"iban":"x"}}', '{"iban":"<s>", "a":{"iban":"x"}}'],
    ["/a/b", '{"a":{"b":1.50,"c":2},"b":3}', '{"a":{"b":"<n>","c":2},"b":3}'],
    ["/items/*/serial", '{"items":[{"serial":"x"},{"serial":null}]}', '{"items":[{"serial":"<s>"},{"serial":"<z>"}]}'],
    ["/items/1", '{"items":["a","b","c"]}', '{"items":["a","<s>","c"]}'],
    ["/*/x", '{"a":{"x":true},"b":{"x":"y"},"x":1}', '{"a":{"x":"<b>"},"b":{"x":"<s>"},"x":1}'],
    ["/a", '{"a":{"b":["c",{"d":1}]},"e":2}', '{"a":{"b":["<s>",{"d":"<n>"}]},"e":2}'],
    ["/a/**", '{"a":{"b":["c",{"d":1}]},"e":2}', '{"a":{"b":["<s>",{"d":"<n>"}]},"e":2}'],
    ["/**", '["a",1]', '["<s>","<n>"]'],
    ["/a~1b/c~0d", '{"a/b":{"c~d":"x"}}', '{"a/b":{"c~d":"<s>"}}'],
    ["/größe", '{"größe":"x","gr\\u00f6\\u00dfe":"y"}', '{"größe":"<s>","gr\\u00f6\\u00dfe":"<s>"}'],
    ["/id", '{"id":"a"}\n{"id":"b"}\n', '{"id":"<s>"}\n{"id":"<s>"}\n'],
    ["/id", '\ufeff {"id":"a"}', '\ufeff {"id":"<s>"}'],
    ["/id", '{"id":"a","id":"b"}', '{"id":"<s>","id":"<s>"}'],
    ["/id", '\x1e{"id":"a"}\n\x1e{"id":"b"}\n', '\x1e{"id":"<s>"}\n\x1e{"id":"<s>"}\n'],
    ["/a", '{"a":{}, "b":[ ]}', '{"a":{}, "b":[ ]}'],
    ["/a", '{"a":"x\\"y\\u0041"}', '{"a":"<s>"}'],
  ])("%s in %s", (pointer, text, expected) => {
    const redacted = bodyOf({ json: [pointer] }, text, "application/json");
    expect(seen(redacted)).toBe(expected);
    expect(bodyOf({ json: [pointer] }, redacted, "application/json")).toBe(redacted);
  });

  test.each([
    ["a body that is cut", '{"b":{"id":"a"},"c":{"a":{"id":"x', '{"b":{"id":"<s>"},"c":{"a":{"id":"<s>'],
    ["closers that do not fit", '{"c":{"a":[{"id":"x"}}]}', '{"c":{"a":[{"id":"<s>"}}]}'],
    ["a line that is broken", '{"a":[1,\n{"a":{"id":"x"}}\n', '{"a":[1,\n{"a":{"id":"<s>"}}\n'],
    ["names without quotes", "{a:{id:'x'}}", `{a:{id:"<s>"}}`],
    ["text said to be JSON", 'failed: "id": "x"', 'failed: "id": "<s>"'],
  ])("where no pointer can be followed, the name that it ends with is secret: %s", (_, text, expected) => {
    expect(seen(bodyOf({ json: ["/a/id"] }, text, "application/json"))).toBe(expected);
  });

  test("in events, and over the lines of one", () => {
    const stream = 'event: a\ndata: {"id":"x"}\n\ndata: {"b":1,\ndata: "id":\ndata: "y"}\n\n: id\n';
    expect(seen(bodyOf({ json: ["/id"] }, stream, "text/event-stream"))).toBe(
      'event: a\ndata: {"id":"<s>"}\n\ndata: {"b":1,\ndata: "id":\ndata: "<s>"}\n\n: id\n',
    );
  });

  test("in the JSON value of a form and of a query", () => {
    const form = `q=${encodeURIComponent('{"id":"x"}')}&id=y`;
    const redaction = { json: ["/id"] };
    expect(seen(bodyOf(redaction, form, "application/x-www-form-urlencoded"))).toBe(
      "q=%7B%22id%22:%22<s>%22%7D&id=y".replace("<s>", "<s>"),
    );
    expect(seen(redactorOf(redaction).target(`/a?${form}`))).toBe("/a?q=%7B%22id%22:%22<s>%22%7D&id=y");
  });
});

describe("by name", () => {
  test.each([
    ["application/json", '{"kunde_nr":1,"a":{"KundeNr":"x"}}', '{"kunde_nr":"<n>","a":{"KundeNr":"<s>"}}'],
    ["application/x-www-form-urlencoded", "kundeNr=1&a[kunde-nr]=2&b=3", "kundeNr=<s>&a[kunde-nr]=<s>&b=3"],
    ["text/plain", "KundeNr: 77, b: 3", "KundeNr: <s>, b: 3"],
    ["application/xml", "<a><kunde-nr>5</kunde-nr></a>", "<a><kunde-nr><s></kunde-nr></a>"],
  ])("%s %s", (contentType, text, expected) => {
    expect(seen(bodyOf({ names: ["kunde-nr"] }, text, contentType))).toBe(expected);
  });

  test("what is kept is no secret, what it holds may be one", () => {
    const redaction = { keep: ["token"] };
    expect(bodyOf(redaction, '{"token":"p2","page":{"token":"p3"},"access_token":"x"}', "application/json")).toMatch(
      /^\{"token":"p2","page":\{"token":"p3"\},"access_token":"~r:s:[0-9a-f]{16}"\}$/,
    );
    expect(redactorOf(redaction).target("/a?token=p2&page[token]=p3")).toBe("/a?token=p2&page[token]=p3");
    expect(seen(bodyOf(redaction, '{"token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"}', "application/json"))).toBe(
      '{"token":"<s>"}',
    );
    expect(seen(redactorOf(redaction).headers([["Authorization", "token abc"]])[0]![1])).toBe("token <s>");
  });
});

describe("by parameter", () => {
  const { target, headers } = redactorOf({ parameters: ["code"] });
  test.each([
    ["/cb?code=x&state=y", "/cb?code=<s>&state=y"],
    ["/cb?CODE=x", "/cb?CODE=<s>"],
    ["/cb;code=x/y", "/cb;code=<s>/y"],
    ["/code/x", "/code/x"],
    ["/a?next=%2Fcb%3Fcode%3Dx", "/a?next=%2Fcb%3Fcode%3D<s>"],
  ])("%s", (text, expected) => {
    expect(seen(target(text))).toBe(expected);
  });

  test("in headers and texts only where it stands in a query", () => {
    expect(seen(headers([["Location", "/cb?code=x#code=y"]])[0]![1])).toBe("/cb?code=<s>");
    expect(seen(headers([["Link", "</cb?a=b&code=x>; rel=code"]])[0]![1])).toBe("</cb?a=b&code=<s>>; rel=code");
    const json = '{"code":"E1","next":"/cb?code=x"}';
    expect(seen(bodyOf({ parameters: ["code"] }, json, "application/json"))).toBe(
      '{"code":"E1","next":"/cb?code=<s>"}',
    );
    const html = '<a href="/cb?a=1&amp;code=x">code=1</a><input name="code" value="z">';
    expect(seen(bodyOf({ parameters: ["code"] }, html, "text/html"))).toBe(
      '<a href="/cb?a=1&amp;code=<s>">code=1</a><input name="code" value="<s>">',
    );
  });

  test("a field of a multipart form", () => {
    const part = '--b\r\nContent-Disposition: form-data; name="code"\r\n\r\nx\r\n--b--';
    expect(seen(bodyOf({ parameters: ["code"] }, part, "multipart/form-data; boundary=b"))).toBe(
      part.replace("\r\nx\r\n", "\r\n<s>\r\n"),
    );
  });
});

describe("by path", () => {
  const { target, endpoint } = redactorOf({ paths: ["/reset/{token}", "/u/*/keys/{key}"] });
  test.each([
    ["/reset/hunter", "/reset/<s>", "GET /reset/{id}"],
    ["/reset/hunter/confirm?a=b", "/reset/<s>/confirm?a=b", "GET /reset/{id}/confirm"],
    ["//reset/./hunter", "//reset/./<s>", "GET /reset/./{id}"],
    ["/x/../%72eset/hunter", "/x/../%72eset/<s>", "GET /x/../%72eset/{id}"],
    ["http://h/reset/hunter", "http://h/reset/<s>", "GET /reset/{id}"],
    ["/u/ann/keys/abc", "/u/ann/keys/<s>", "GET /u/ann/keys/{id}"],
    ["/u/ann/keys", "/u/ann/keys", "GET /u/ann/keys"],
    ["/a/reset/hunter", "/a/reset/hunter", "GET /a/reset/hunter"],
  ])("%s", (text, expected, template) => {
    expect(seen(target(text))).toBe(expected);
    expect(endpoint("GET", text)).toBe(template);
  });
});

describe("an endpoint names no secret", () => {
  test.each([
    ["/pay/card-4111111111111111-x", {}, "GET /pay/{id}"],
    ["/proxy/ann:hunter@localhost", {}, "GET /proxy/ann:hunter@localhost"],
    ["/cb/access_token=hunter/a", {}, "GET /cb/{id}/a"],
    ["/a/http%3A%2F%2Fann%3Ahunter%40h%2F", {}, "GET /a/{id}"],
    ["/a;jsessionid=hunter/b", {}, "GET /a/b"],
    ["/who/cust-ann", { patterns: ["cust-[a-z]{3}"] }, "GET /who/{id}"],
    ["/who/plain", { patterns: ["cust-[a-z]{3}"] }, "GET /who/plain"],
    ["*", {}, "GET *"],
  ])("%s with %j", (target, redaction, expected) => {
    expect(redactorOf(redaction).endpoint("GET", target)).toBe(expected);
  });
});

describe("by pattern", () => {
  const redaction = { patterns: [String.raw`\bCUST-\d{4}\b`, "[0-9]{9}"] };
  test.each([
    ["application/json", '{"a":"for CUST-1234 now","CUST-1234":1}', '{"a":"for <s> now","<s>":1}'],
    ["application/json", '{"a":123456789,"b":-123456789.5}', '{"a":"<n>","b":"<n>"}'],
    ["application/json", '{"a":"\\nCUST\\u002d1234\\n\\u00e9"}', '{"a":"\\n<s>\\n\\u00e9"}'],
    ["application/json", "an error of CUST-1234", "an error of <s>"],
    ["text/plain", "x CUST-1234.", "x <s>."],
    ["text/html", "<b title='CUST-1234'>CUST-1234</b>", "<b title='<s>'><s></b>"],
    [
      "text/event-stream",
      'event: CUST-1234\ndata: for CUST-1234\ndata: {"a":"CUST-1234"}\n',
      'event: <s>\ndata: for <s>\ndata: {"a":"<s>"}\n',
    ],
    ["application/x-www-form-urlencoded", "a=CUST%2D1234&CUST-1234&b=CUST-1234", "a=<s>&<s>&b=<s>"],
    [undefined, "CUST-1234", "<s>"],
  ])("%s %s", (contentType, text, expected) => {
    const redacted = bodyOf(redaction, text, contentType);
    expect(seen(redacted)).toBe(expected);
    expect(bodyOf(redaction, redacted, contentType)).toBe(redacted);
  });

  test("in targets and headers", () => {
    const { target, headers } = redactorOf(redaction);
    expect(seen(target("/c/CUST-1234/x?a=CUST%2D1234&CUST-1234"))).toBe("/c/<s>/x?a=<s>&<s>");
    expect(seen(headers([["X-Note", "of CUST-1234"]])[0]![1])).toBe("of <s>");
  });

  test("addresses of mail, if asked for", () => {
    expect(seen(bodyOf({ emails: true }, '{"to":"Ann <ann@shop.example>"}', "application/json"))).toBe(
      '{"to":"Ann <<s>>"}',
    );
    expect(seen(redactorOf({ emails: true }).target("/u/ann@x.io?to=bob%40x.io"))).toBe("/u/<s>?to=<s>");
    expect(bodyOf({}, '{"to":"ann@shop.example"}', "application/json")).toBe('{"to":"ann@shop.example"}');
  });
});

const key = fc.constantFrom("a", "b", "id", "x y", "é", "a/b");
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    value,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4 }),
  ),
}));

const isBelow = (path: readonly string[], pointer: string): boolean => {
  const steps = pointer.split("/").slice(1);
  return (
    steps.length <= path.length &&
    steps.every((step, index) => step === "*" || step.replaceAll("~1", "/") === path[index])
  );
};
const scalarsOf = (data: unknown, path: readonly string[] = []): readonly (readonly [unknown, readonly string[]])[] =>
  typeof data !== "object" || data === null
    ? [[data, path]]
    : Object.entries(data).flatMap(([name, inside]) => scalarsOf(inside, [...path, name]));

/** Keys, and in a group scalars, as the text has them. */
const TOKEN = /"(?:[^"\\]|\\.)*"\s*:|("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/g;
const scalarTexts = (text: string) => [...text.matchAll(TOKEN)].flatMap(([, scalar]) => scalar ?? []);
const betweenScalars = (text: string) =>
  text.replace(TOKEN, (token, scalar?: string) => (scalar === undefined ? token : "$"));

test("exactly the scalars at and below the places become markers of their type, and no other byte changes", () => {
  const pointers = fc.subarray(["/a", "/b/*", "/*/id", "/0/id", "/a~1b/x y", "/*/*/*"]);
  fc.assert(
    fc.property(json, pointers, fc.constantFrom(undefined, 2), (data, given, indent) => {
      const text = JSON.stringify(data, null, indent);
      const redacted = bodyOf({ json: given }, text, "application/json");
      expect(betweenScalars(redacted)).toBe(betweenScalars(text));
      const [before, after] = [scalarTexts(text), scalarTexts(redacted)];
      for (const [index, [scalar, path]] of scalarsOf(JSON.parse(text)).entries()) {
        if (!given.some((pointer) => isBelow(path, pointer))) {
          expect(after[index]).toBe(before[index]);
          continue;
        }
        const type = scalar === null ? "z" : { string: "s", number: "n", boolean: "b" }[typeof scalar as "string"];
        expect(after[index]).toMatch(new RegExp(`^"~r:${type}:[0-9a-f]{16}"$`));
      }
      expect(bodyOf({ json: given }, redacted, "application/json")).toBe(redacted);
    }),
    { numRuns: 500 },
  );
});

test("of anything at all, what is declared redacts once what it redacts twice", () => {
  const redaction = {
    patterns: [String.raw`\bA\d{3}\b`, "[a-f]{4,8}", "0x[0-9a-f]{1,16}"],
    emails: true,
    json: ["/a/*", "/id"],
  };
  const pieces = [
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "A123",
    "abcdef",
    "0xff",
    "id",
    '"id":',
    '"a":',
    "a@b.io",
    "~r:s:0123456789abcdef",
    " ",
    "\n",
    "%41",
    "&",
    "=",
    "1",
    "data: ",
    "-",
  ];
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(""));
  const types = fc.constantFrom(
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "text/event-stream",
  );
  const redactor = redactorOf(redaction);
  fc.assert(
    fc.property(soup, types, (text, type) => {
      const once = Buffer.from(redactor.body(Buffer.from(text), type));
      expect(Buffer.from(redactor.body(once, type)).toString()).toBe(once.toString());
    }),
    { numRuns: 3_000 },
  );
});

test("what is declared costs time that is linear in the text", () => {
  const { body, target, headers } = redactorOf({
    json: ["/a/*/b", "/**"],
    patterns: ["[a-z]{3,64}!"],
    emails: true,
    paths: ["/a/{b}"],
    parameters: ["c"],
  });
  for (const unit of [
    "[",
    '{"a":',
    '"',
    '\\"',
    '"\\u0041',
    "\\",
    "a",
    "a@",
    "data: {\n",
    "/",
    "%41",
    "&",
    "=",
    "~r:",
    "\\u0041",
  ]) {
    const text = unit.repeat(Math.ceil(60_000 / unit.length));
    for (const type of ["application/json", "text/html", "text/event-stream", "application/x-www-form-urlencoded"])
      body(Buffer.from(text), type);
    target(text);
    headers([["x", text]]);
  }
});
