import fc from "fast-check";
import { createRedactor } from "../../../core/capture/redact.ts";

const { headers, target, body } = createRedactor(Buffer.from("key"));
const redact = (text: string, contentType?: string) => Buffer.from(body(Buffer.from(text), contentType)).toString();
/** Markers without their hashes. */
const seen = (text: string) => text.replace(/~r:([snbzoa]):[0-9a-f]{16}/g, "<$1>");
const CARD = "4111111111111111";

describe("headers", () => {
  test.each([
    ["Authorization", "Bearer abc.def", "Bearer <s>"],
    ["authorization", "Basic dTpw", "Basic <s>"],
    ["AUTHORIZATION", "opensesame", "<s>"],
    ["Authorization", "open sesame", "<s>"],
    ["Proxy-Authorization", "Digest username=x, response=y", "Digest <s>"],
    ["Cookie", "a=1; sid=x=y;flag; c=", "a=<s>; sid=<s>;<s>; c="],
    ["Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=<s>; Path=/; HttpOnly"],
    ["Set-Cookie", "sid=; Max-Age=0", "sid=; Max-Age=0"],
    ["X-Api-Key", "k", "<s>"],
    ["X-Auth-Token", "k", "<s>"],
    ["x-csrf-token", "k", "<s>"],
    ["X-Amz-Security-Token", "k", "<s>"],
    ["X-Amz-Signature", "k", "<s>"],
    ["X-Api-Key", "", ""],
    ["Location", "https://a.example/cb?x=1&access_token=abc&y=2#z", "https://a.example/cb?x=1&access_token=<s>&y=2#z"],
    ["Referer", "https://ann:pw@a.example/", "https://ann:<s>@a.example/"],
    ["X-Note", `card ${CARD}`, "card <s>"],
    ["Location", "/login?next=%2Fcb%3Ftoken%3Dx", "/login?next=%2Fcb%3Ftoken%3D<s>"],
    ["WWW-Authenticate", 'Bearer realm="a", error="invalid_token"', 'Bearer realm="a", error="invalid_token"'],
    ["Content-Type", "application/json; charset=utf-8", "application/json; charset=utf-8"],
    ["Access-Control-Allow-Credentials", "true", "true"],
    ["Date", "Tue, 01 Jan 2030 10:00:00 GMT", "Tue, 01 Jan 2030 10:00:00 GMT"],
  ])("%s: %s", (name, value, expected) => {
    const [[gotName, got] = ["", ""]] = headers([[name, value]]);
    expect([gotName, seen(got)]).toEqual([name, expected]);
  });
});

test.each([
  ["/a?b=1", "/a?b=1"],
  ["/a?token=x&b=1&API_KEY=y", "/a?token=<s>&b=1&API_KEY=<s>"],
  ["/a?api%5Fkey=x", "/a?api%5Fkey=<s>"],
  ["/a?user[password]=x;pin=1", "/a?user[password]=<s>;pin=<s>"],
  ["/a?token=", "/a?token="],
  ["/a?token", "/a?token"],
  ["/a?%ff=1&sig=x%20y", "/a?%ff=1&sig=<s>"],
  [`/cards/${CARD}?pan=4111+1111%201111-1111`, "/cards/<s>?pan=<s>"],
  ["http://u:p@h/a?token=x", "http://u:<s>@h/a?token=<s>"],
  ["/login;jsessionid=x;a=b/me", "/login;jsessionid=<s>;a=b/me"],
  ["/cb/access_token=x/me", "/cb/access_token=<s>/me"],
  ["/a/http%3A%2F%2Fu%3Ap%40h%2F?b=1", "/a/http:%2F%2Fu:<s>%40h%2F?b=1"],
  ["/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "/reset/<s>"],
  ["*", "*"],
])("the target %s", (text, expected) => {
  expect(seen(target(text))).toBe(expected);
});

describe("JSON", () => {
  test.each([
    ["nothing secret", '{"a":1,"b":[true,null,"x"]}', '{"a":1,"b":[true,null,"x"]}'],
    ["a string", '{ "password" : "hunter2" ,"a":1}', '{ "password" : "<s>" ,"a":1}'],
    ["an empty string", '{"password":""}', '{"password":"<s>"}'],
    ["a number", '{"pin":1234}', '{"pin":"<n>"}'],
    ["a boolean", '{"secret":true}', '{"secret":"<b>"}'],
    ["null", '{"secret":null}', '{"secret":"<z>"}'],
    [
      "an object",
      '{"credentials":{"user":"u","n":[1,{"x":null}]},"a":1}',
      '{"credentials":{"user":"<s>","n":["<n>",{"x":"<z>"}]},"a":1}',
    ],
    ["a list", '{"secret":["a",1,[]],"b":"c"}', '{"secret":["<s>","<n>",[]],"b":"c"}'],
    ["an empty object", '{"secret":{},"b":"c"}', '{"secret":{},"b":"c"}'],
    ["a key with escapes", '{"p\\u0061ssword":"x"}', '{"p\\u0061ssword":"<s>"}'],
    ["a value with escapes", '{"token":"a\\"b\\\\","c":"d"}', '{"token":"<s>","c":"d"}'],
    ["a key named twice", '{"token":"a","token":"b"}', '{"token":"<s>","token":"<s>"}'],
    ["a value that is the name of a secret", '{"a":"password","b":"c"}', '{"a":"password","b":"c"}'],
    ["characters beyond ASCII", '{"é":"ü","token":"ö"}', '{"é":"ü","token":"<s>"}'],
    ["numbers that would lose something", '{"a":9007199254740993,"b":1.10}', '{"a":9007199254740993,"b":1.10}'],
    ["a card number", `{"n":"${CARD}","note":"card 4111 1111 1111 1111 ok"}`, '{"n":"<s>","note":"card <s> ok"}'],
    ["a bare card number", `{"n":${CARD},"m":[${CARD}]}`, '{"n":"<n>","m":["<n>"]}'],
    ["a bare card number in disguise", `[-${CARD},${CARD}e0,1.5e${CARD}]`, '["<n>","<n>","<n>"]'],
    ["a fraction that looks like a card number", '{"x":0.4111111111111111}', '{"x":0.4111111111111111}'],
    ["times and ids", '{"t":1700000000000,"id":"1234567812345670"}', '{"t":1700000000000,"id":"1234567812345670"}'],
    [
      "credentials in a string",
      '{"a":"Bearer abc","b":"Basic dTpw","c":"Basic usage"}',
      '{"a":"Bearer <s>","b":"Basic <s>","c":"Basic usage"}',
    ],
    [
      "escapes that JSON does not need",
      '{"a":"Bearer ab\\u002Bcd","b":"Basic dTpw\\u003d","c":"\\u0042earer x","d":"http://a:b\\u0026c@d","e":"\\u0034111111111111111"}',
      '{"a":"Bearer <s>","b":"Basic <s>","c":"<s>","d":"http://a:<s>@d","e":"<s>"}',
    ],
    ["a token cut in its claims", '{"a":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx', '{"a":"<s>'],
    ["an encrypted token", '{"a":"eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn"}', '{"a":"<s>"}'],
    [
      "a URL in a string",
      '{"next":"/a?token=x&b=1","u":"http:\\/\\/a:b@c"}',
      '{"next":"/a?token=<s>&b=1","u":"http:\\/\\/a:<s>@c"}',
    ],
    ["text in a string", '{"log":"a\\npin=1234\\npassword: x\\ty"}', '{"log":"a\\npin=<s>\\npassword: <s>\\ty"}'],
    [
      "header lines in a string",
      '{"log":"Cookie: a=b; c=d\\r\\nAuthorization: Bearer x"}',
      '{"log":"Cookie: <s>\\r\\nAuthorization: <s>"}',
    ],
    [
      "JSON in a string",
      '{"body":"{\\"password\\":\\"x\\",\\"pin\\": 12,\\"a\\":\\"b\\"}"}',
      '{"body":"{\\"password\\":\\"<s>\\",\\"pin\\": \\"<n>\\",\\"a\\":\\"b\\"}"}',
    ],
    ["a byte order mark", '\ufeff{"token":"x"}', '\ufeff{"token":"<s>"}'],
    ["lines of JSON", '{"token":"a"}\n{"token":"b","c":1}\n', '{"token":"<s>"}\n{"token":"<s>","c":1}\n'],
    ["white space of all kinds", '{\r\n\t"token"\n:\r\n\t"a"\n}', '{\r\n\t"token"\n:\r\n\t"<s>"\n}'],
  ])("%s", (_, text, expected) => {
    const redacted = redact(text, "application/json");
    expect(seen(redacted)).toBe(expected);
    expect(redact(redacted, "application/json")).toBe(redacted);
  });

  test.each([
    ["cut in a secret", '{"a":1,"password":"hunt', '{"a":1,"password":"<s>'],
    ["cut before a secret", '{"password":', '{"password":'],
    ["cut in a number", '{"pin":12', '{"pin":"<n>"'],
    ["cut in a list", '{"secret":[1,"a', '{"secret":["<n>","<s>'],
    ["a string without an end", '{"a":"b\n"token":"x"}', '{"a":"b\n"token":"<s>"}'],
    ["closers that do not fit", '{"secret":{"a":["x"}},"b","c"', '{"secret":{"a":["<s>"}},"<s>","<s>"'],
    ["names without quotes", "{password:'x',a:'y'}", `{password:"<s>",a:'y'}`],
    ["no commas", '{"token" "a" "b"}', '{"token" "a" "b"}'],
    ["an escape at the end", '{"token":"a\\', '{"token":"<s>'],
  ])("broken: %s", (_, text, expected) => {
    expect(seen(redact(text, "application/json"))).toBe(expected);
  });

  test("is known by its first character where the type does not say so", () => {
    expect(seen(redact(' {"pin":1}', "text/plain"))).toBe(' {"pin":"<n>"}');
    expect(seen(redact('"x"', undefined))).toBe('"x"');
  });
});

describe("other content", () => {
  test.each([
    ["application/x-www-form-urlencoded", "user=ann&password=a%20b&x=1", "user=ann&password=<s>&x=1"],
    ["application/x-www-form-urlencoded", "card=4111+1111+1111+1111", "card=<s>"],
    ["application/x-www-form-urlencoded", '{"password":"x"}', '{"password":"<s>"}'],
    [
      "application/x-www-form-urlencoded",
      "payload=%7B%22pin%22%3A1%2C%22a%22%3A%22%C3%A9+%22%7D&x=%20",
      "payload=%7B%22pin%22:%22<n>%22%2C%22a%22:%22%C3%A9%20%22%7D&x=%20",
    ],
    ["application/x-www-form-urlencoded", "next=%2Fcb%3Ftoken%3Dx%26a%3Db", "next=%2Fcb%3Ftoken%3D<s>%26a%3Db"],
    ["text/event-stream", 'event: a\ndata: {"token":"x","b":1}\n\n', 'event: a\ndata: {"token":"<s>","b":1}\n\n'],
    ["text/event-stream", 'data: {"password":\ndata: "x"}\n\n', 'data: {"password":\ndata: "<s>"}\n\n'],
    ["application/x-ndjson", '{"token":"x"}\n{"b', '{"token":"<s>"}\n{"b'],
    ["text/plain", "password=hunter2 user=ann", "password=<s> user=ann"],
    ["text/plain", "Password: hunter2, user: ann", "Password: <s>, user: ann"],
    ["text/plain", "api_key = 'a b' x", "api_key = '<s>' x"],
    ["text/plain", "Authorization: Bearer abc\nCookie: a=b; c=d\nHost: h", "Authorization: <s>\nCookie: <s>\nHost: h"],
    ["text/plain", "token=Bearer abc, x", "token=<s>, x"],
    ["text/plain", `pay ${CARD}.`, "pay <s>."],
    ["text/plain", "C:\\tmp password=a\\b", "C:\\tmp password=<s>"],
    ["text/plain", "the password is not here: x=1", "the password is not here: x=1"],
    [
      "text/html",
      `<script>s={"token":"a","pin":12,'secret': 'b'}</script>`,
      `<script>s={"token":"<s>","pin":"<n>",'secret': '<s>'}</script>`,
    ],
    [
      "text/html",
      '<input type=hidden name="csrf_token" value="abc">',
      '<input type=hidden name="csrf_token" value="<s>">',
    ],
    ["text/html", '<meta name="csrf-token" content="abc"/>', '<meta name="csrf-token" content="<s>"/>'],
    ["text/html", "<p>password</p> <b>x</b>", "<p>password</p> <b>x</b>"],
    [
      "application/xml",
      '<a><w:password type="x">y</w:password><id>1</id></a>',
      '<a><w:password type="x"><s></w:password><id>1</id></a>',
    ],
    [
      "application/xml",
      "<secret><![CDATA[a<b]]></secret><pin><![CDATA[12]]></pin>",
      "<secret><![CDATA[a<b]]></secret><pin><![CDATA[<s>]]></pin>",
    ],
    [
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter2\r\n--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--',
      '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n<s>\r\n--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--',
    ],
  ])("%s %s", (contentType, text, expected) => {
    const redacted = redact(text, contentType);
    expect(seen(redacted)).toBe(expected);
    expect(redact(redacted, contentType)).toBe(redacted);
  });

  test("what is no UTF-8 is redacted as well, and no other byte changes", () => {
    const latin1 = Buffer.from('{"name":"\xe9\xff","password":"\xe9"}', "latin1");
    expect(seen(Buffer.from(body(latin1, "application/json")).toString("latin1"))).toBe(
      '{"name":"\xe9\xff","password":"<s>"}',
    );
  });

  test("bytes without a secret come back as they are", () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    expect(body(bytes, "image/png")).toBe(bytes);
  });
});

const value = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(CARD, 4111111111111111, "Bearer abc", "password=x", '{"token":"x"}', "a\\", "~r:s:0123456789abcdef"),
);
const key = fc.oneof(fc.string(), fc.constantFrom("password", "Token", "api-key", "pin", "a", "secret"));
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    value,
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4 }),
  ),
}));
const isSecret = (name: string) => /^(?:password|Token|api-key|pin|secret)$/.test(name);

/** Every scalar below a secret key, and every other one. */
const scalarsOf = (json: unknown, below = false): readonly (readonly [unknown, boolean])[] => {
  if (typeof json !== "object" || json === null) return [[json, below]];
  return Object.entries(json).flatMap(([name, inside]) =>
    scalarsOf(inside, below || (!Array.isArray(json) && isSecret(name))),
  );
};

test("JSON stays JSON of the same shape, every secret is a marker of its type, and twice is once", () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 4 }), fc.constantFrom(undefined, 2), (data, indent) => {
      const text = JSON.stringify(data, null, indent);
      const redacted = redact(text, "application/json");
      const before = scalarsOf(JSON.parse(text));
      const after = scalarsOf(JSON.parse(redacted));
      expect(after).toHaveLength(before.length);
      before.forEach(([scalar, isBelow], index) => {
        const type = scalar === null ? "z" : { string: "s", number: "n", boolean: "b" }[typeof scalar as "string"];
        if (isBelow && typeof scalar !== "string")
          expect(after[index]![0]).toMatch(new RegExp(`^~r:${type}:[0-9a-f]{16}$`));
        if (isBelow) expect(after[index]![0]).toMatch(/^~r:[snbzoa]:[0-9a-f]{16}$/);
      });
      expect(redact(redacted, "application/json")).toBe(redacted);
    }),
    { numRuns: 500 },
  );
});

test("equal secrets stay equal, however they are written; different ones stay different", () => {
  const of = (text: string) => redact(`{"secret":${text}}`, "application/json");
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
      if (left !== right && !(a === 0 && b === 0)) expect(of(left)).not.toBe(of(right));
      expect(of(left)).toBe(of(left.replaceAll("/", "\\/").replaceAll("a", typeof a === "string" ? "\\u0061" : "a")));
    }),
  );
  expect(of("10")).toBe(of("1.0e1"));
  expect(of("9007199254740993")).not.toBe(of("9007199254740992"));
  expect(of('"1"')).not.toBe(of("1"));
  expect(of('"\\ud800"')).not.toBe(of('"\\ud801"'));
});

const PIECES = [
  ..."=:\n\"'\\{}[],&;?<>%-+.@/ ",
  ...[
    "\r\n",
    "</",
    "%22",
    "%3D",
    "a",
    "x1",
    "5",
    "1.5",
    "true",
    "null",
    "é",
    "data: ",
    "password",
    "token",
    "pin",
    "name=",
    "value=",
  ],
  ...[
    CARD,
    "4111 1111 ",
    "1111 1111",
    "~r:s:0123456789abcdef",
    "~r:",
    "Bearer ",
    "basic ",
    "dTpw",
    "eyJhbGciOiJI",
    ".e30.",
    "://",
  ],
  ...["Authorization", "Cookie", "form-data", "<![CDATA[", "]]>"],
];
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 16 }).map((pieces) => pieces.join(""));

test("of anything at all, redacting twice is redacting once", () => {
  const types = fc.constantFrom("application/json", "text/plain", "application/x-www-form-urlencoded");
  const names = fc.constantFrom("Cookie", "Set-Cookie", "Authorization", "X-Note");
  fc.assert(
    fc.property(soup, types, names, (text, type, name) => {
      const once = { body: redact(text, type), target: target(text), headers: headers([[name, text]]) };
      expect(redact(once.body, type)).toBe(once.body);
      expect(target(once.target)).toBe(once.target);
      expect(headers(once.headers)).toEqual(once.headers);
    }),
    { numRuns: 3_000 },
  );
});

test("another key gives other markers", () => {
  const other = createRedactor(Buffer.from("other"));
  expect(other.target("/?token=x")).not.toBe(target("/?token=x"));
});

// A quadratic step would take minutes, more than a test may.
describe("hostile text takes linear time", () => {
  const size = 200_000;
  const fill = (unit: string) => unit.repeat(Math.ceil(size / unit.length));
  test.each([
    "[",
    '{"a":',
    '{"secret":[',
    '"',
    '\\"',
    "\\",
    "\n",
    " ",
    "=",
    ":",
    "a=",
    "token=",
    "token='",
    "token='x token=\"y ",
    "1",
    "1 ",
    "1.",
    "%20",
    "bearer ",
    "bearer",
    "eyJaaaaaaaa-",
    "eyJaaaaaaaa.",
    "://",
    "://a:",
    "<",
    "<a ",
    "<a>",
    'name="a" ',
    'form-data name="a"\r\nx',
    "a-",
    "-.",
    "\\'",
    "~r:",
    "cookie: ",
    "4111 ",
    "é",
    "<![CDATA[",
    "&",
    "0",
  ])("%j", (unit) => {
    const text = fill(unit);
    for (const type of ["application/json", "text/html", "application/x-www-form-urlencoded"]) redact(text, type);
    headers([
      ["Cookie", text],
      ["Set-Cookie", text],
      ["X", text],
      ["Authorization", text],
    ]);
  });
});

test("a card number is found wherever it stands, however it is written", () => {
  const card = fc.constantFrom(CARD, "4111 1111 1111 1111", "4111-1111-1111-1111", "4111%201111%201111%201111");
  fc.assert(
    fc.property(
      card,
      fc.nat(40),
      fc.nat(40),
      fc.constantFrom("x ", "1 a", "\n", '"'),
      (card, before, after, filler) => {
        const text = `${"x".repeat(before)}:${card}:${filler.repeat(after)}`;
        expect(redact(text, "text/plain")).not.toContain("1111");
        expect(redact(JSON.stringify({ note: text }), "application/json")).not.toContain("1111");
      },
    ),
  );
});

test("a secret behind any string is found, whatever quotes, escapes and line ends are in it", () => {
  const string = fc.array(fc.constantFrom('"', "\\", "\n", "\r", ":", "{", "a", "é"), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(string, { maxLength: 4 }), (strings) => {
      const notes = strings.map((pieces) => pieces.join(""));
      const text = JSON.stringify({ notes, ...Object.fromEntries(notes.map((note) => [note, note])), pin: 1_234 });
      expect(redact(text, "application/json")).not.toContain("1234");
    }),
  );
});
