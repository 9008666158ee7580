import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { Plants } from "./secrets.ts";

/** A message body with secrets in it, and the header lines that go with it. */
export interface Planted {
  readonly body: Buffer;
  readonly headers: readonly string[];
}

/** Where a secret can stand. `rule`: nothing tells it from other text but what redact.yaml declares. */
export interface Position<Made> {
  readonly name: string;
  readonly by: "default" | "rule";
  readonly make: (plants: Plants) => Made;
}

const at = <Made>(
  name: string,
  make: (plants: Plants) => Made,
  by: "default" | "rule" = "default",
): Position<Made> => ({
  name,
  by,
  make,
});
const byRule = <Made>(name: string, make: (plants: Plants) => Made) => at(name, make, "rule");

const typed = (type: string, text: string | Buffer, ...more: string[]): Planted => ({
  body: Buffer.from(text as string),
  headers: [`Content-Type: ${type}`, ...more],
});
const json = (data: unknown, ...more: string[]) => typed("application/json", JSON.stringify(data), ...more);
const form = (text: string) => typed("application/x-www-form-urlencoded", text);

const escaped = (text: string) => [...text].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join("");
const base64url = (text: string) => Buffer.from(text).toString("base64url");
/** Signed, with the secret in its claims. */
const jwt = (secret: string, claims = 1) =>
  [
    base64url('{"alg":"HS256","typ":"JWT"}'),
    base64url(JSON.stringify({ sub: secret, pad: "x".repeat(claims) })),
    base64url(secret),
  ].join(".");

const part = (name: string, content: string, more = "") =>
  `--limit\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`;
const multipart = (...parts: string[]) =>
  typed("multipart/form-data; boundary=limit", `${parts.join("")}--limit--\r\n`);

const user = (secret: string) => JSON.stringify({ users: [{ name: "ann", password: secret }] });

/** What is kept of a body; a secret straddles the cut. */
const CUT_BYTES = 131_072;
const upTo = (bytes: number, start: string) => start + "x".repeat(Math.max(0, bytes - start.length));

export const BODIES: readonly Position<Planted>[] = [
  at("JSON: a key far down", (p) => json({ a: [{ b: { password: p.word() } }] })),
  at("JSON: a number", (p) => typed("application/json", `{"pin":${p.number()}}`)),
  at("JSON: below a secret key", (p) => json({ credentials: { user: p.word(), all: [p.word(), { n: p.word() }] } })),
  at("JSON: escapes in the key", (p) => typed("application/json", `{"p\\u0061ssw\\u006frd":"${p.word()}"}`)),
  at("JSON: escapes in the value", (p) => typed("application/json", `{"token":"${escaped(p.word())}"}`)),
  at("JSON: escapes in a credential", (p) => typed("application/json", `{"log":"Bearer ab\\u002B${p.word()}"}`)),
  at("JSON: escapes in a card number", (p) => typed("application/json", `{"log":"${escaped(p.card())}"}`)),
  at("JSON in a JSON string", (p) => json({ body: JSON.stringify({ password: p.word(), pin: 1 }) })),
  at("a URL in a JSON string", (p) => json({ next: `https://a.example/cb?x=1&access_token=${p.word()}#top` })),
  at("a URL's password in a JSON string", (p) => json({ db: `postgres://ann:${p.word()}@db.example/shop` })),
  at("header lines in a JSON string", (p) => json({ log: `Host: a\r\nCookie: a=${p.word()}; b=${p.word()}\r\nX: 1` })),
  at("Bearer in prose in JSON", (p) => json({ error: `got Bearer ${p.word()}, which expired` })),
  at("Basic in prose in JSON", (p) =>
    json({ error: `got Basic ${Buffer.from(`ann:${p.word()}`).toString("base64")}` }),
  ),
  at("a JWT in JSON", (p) => json({ note: jwt(p.word()) })),
  at("card numbers in JSON", (p) =>
    typed("application/json", `{"n":${p.card()},"s":"${p.card(" ")}","t":"no ${p.card("-")}."}`),
  ),
  at("a card number as a JSON key", (p) => json({ [p.card()]: 1 })),
  at("JSON lines", (p) => typed("application/x-ndjson", `{"a":1}\n{"token":"${p.word()}"}\n{"token":"${p.word()}"}\n`)),
  at("events", (p) =>
    typed("text/event-stream", `event: a\ndata: {"secret":"${p.word()}"}\n\ndata: password=${p.word()}\n\n`),
  ),
  at("an event over several lines", (p) => typed("text/event-stream", `data: {"password":\ndata: "${p.word()}"}\n\n`)),
  at("a form", (p) => form(`user=ann&password=${p.word()}&card=${p.card("+")}`)),
  at("a form: encoded names and values", (p) => form(`api%5Fkey=${p.word()}&next=%2Fcb%3Ftoken%3D${p.word()}%26x%3D1`)),
  at("JSON in a form", (p) => form(`payload=${encodeURIComponent(user(p.word()))}`)),
  at("a multipart form", (p) => multipart(part("user", "ann"), part("password", p.word()))),
  at("a file of a multipart form", (p) =>
    multipart(part("secret", p.word(), '; filename="a.txt"\r\nContent-Type: text/plain')),
  ),
  at("JSON in a multipart form", (p) => multipart(part("data", user(p.word())))),
  at("plain text", (p) =>
    typed("text/plain", `login of ann, password: ${p.word()}; api_key='${p.word()}'\nAuthorization: Basic ${p.word()}`),
  ),
  at("XML", (p) =>
    typed(
      "application/xml",
      `<a><w:password type="x">${p.word()}</w:password><token><![CDATA[${p.word()}]]></token><u secret="${p.word()}"/></a>`,
    ),
  ),
  at("HTML", (p) =>
    typed(
      "text/html",
      `<meta name="csrf-token" content="${p.word()}"><input name=password value="${p.word()}"><script>s={"token":"${p.word()}"}</script>`,
    ),
  ),
  at("gzip", (p) => typed("application/json", gzipSync(user(p.word())), "Content-Encoding: gzip")),
  at("br", (p) => typed("application/json", brotliCompressSync(user(p.word())), "Content-Encoding: br")),
  at("deflate, with and without its head", (p) => {
    const isRaw = p.all.length % 2 === 0;
    return typed(
      "application/json",
      (isRaw ? deflateRawSync : deflateSync)(user(p.word())),
      "Content-Encoding: deflate",
    );
  }),
  at("zstd", (p) => typed("application/json", zstdCompressSync(user(p.word())), "Content-Encoding: zstd")),
  at("two codings", (p) =>
    typed("text/plain", brotliCompressSync(gzipSync(`pin=${p.word()}`)), "Content-Encoding: gzip, br"),
  ),
  at("a coding that nobody knows", (p) => json({ note: p.word() }, "Content-Encoding: rot13")),
  at("a broken coding", (p) =>
    typed("text/plain", gzipSync(`note ${p.word()}`.repeat(9)).subarray(0, 40), "Content-Encoding: gzip"),
  ),
  at("JSON said to be HTML", (p) => typed("text/html", user(p.word()))),
  at("JSON said to be an image", (p) => typed("image/png", user(p.word()))),
  at("JSON said to be a form", (p) => form(user(p.word()))),
  at("a form said to be JSON", (p) => typed("application/json", `user=ann&password=${p.word()}`)),
  at("XML said to be text", (p) => typed("text/plain", `<password>${p.word()}</password>`)),
  at("no type at all", (p) => ({ body: Buffer.from(user(p.word())), headers: [] })),
  at("binary", (p) =>
    typed("application/octet-stream", Buffer.concat([Buffer.from([0, 1, 255]), Buffer.from(p.word())])),
  ),
  at("UTF-16", (p) => typed("application/json; charset=utf-16", Buffer.from(`\ufeff${user(p.word())}`, "utf16le"))),
  at("JSON with bytes that are no UTF-8", (p) =>
    typed("application/json", Buffer.from(`{"é":"\xff","password":"${p.word()}"}`, "latin1")),
  ),
  at("broken JSON", (p) => typed("application/json", `{"a":[1,{"password":"${p.word()}","b":]}{token:'${p.word()}'`)),
  at("a secret that the cut goes through", (p) =>
    typed("application/json", `${upTo(CUT_BYTES - 20, '{"a":"')}","password":"${p.word()}","b":"${"y".repeat(99)}"}`),
  ),
  at("a JWT that the cut goes through", (p) =>
    typed("application/json", `${upTo(CUT_BYTES - 60, '{"a":"')}","b":"${jwt(p.word(), 3_000)}"}`),
  ),
  at("a body too large to keep", (p) => typed("text/plain", `note ${p.word()} ${"x".repeat(1_100_000)}`)),
  at("chunks and trailers", (p) => ({
    body: Buffer.from(`8\r\npassword\r\n1b\r\n=${p.word()}${" ".repeat(26 - 16)}\r\n0\r\nX-Token: ${p.word()}\r\n\r\n`),
    headers: ["Content-Type: text/plain", "Transfer-Encoding: chunked"],
  })),
  byRule("a place in JSON", (p) =>
    json({ customer: [{ bank: { iban: p.word() } }, { bank: { iban: p.word(), x: 1 } }] }),
  ),
  byRule("a place in JSON, as a number", (p) =>
    typed("application/json", `{"customer":{"a":{"bank":{"iban":${p.number()}}}}}`),
  ),
  byRule("a place in JSON, with escapes", (p) =>
    typed("application/json", `{"customer":[{"b\\u0061nk":{"iban":"${escaped(p.word())}"}}]}`),
  ),
  byRule("a place in JSON lines", (p) =>
    typed("application/x-ndjson", `{"note":{"text":"${p.word()}"}}\n{"note":{"text":"${p.word()}"}}\n`),
  ),
  byRule("a place in events", (p) => typed("text/event-stream", `data: {"note":{"text":"${p.word()}"}}\n\n`)),
  byRule("a place in broken JSON", (p) => typed("application/json", `{"note":{"text":"${p.word()}"}]}`)),
  byRule("a place in JSON that is cut", (p) =>
    typed(
      "application/json",
      `${upTo(CUT_BYTES - 10, '{"a":"')}","note":{"text":"${p.word()}"},"b":"${"y".repeat(99)}"}`,
    ),
  ),
  byRule("a name, as JSON, form, XML and text", (p) => {
    const texts = [
      `{"license-plate":"${p.word()}"}`,
      `licensePlate=${p.word()}`,
      `<license_plate>${p.word()}</license_plate>`,
      `License-Plate: ${p.word()}`,
    ];
    return typed(
      ["application/json", "application/x-www-form-urlencoded", "application/xml", "text/plain"][p.all.length % 4]!,
      texts[p.all.length % 4]!,
    );
  }),
  byRule("a name in a multipart form", (p) => multipart(part("license_plate", p.word()))),
  byRule("a parameter of a URL in HTML and JSON", (p) =>
    typed("text/html", `<a href="/cb?a=1&amp;invite=${p.word()}">x</a>`),
  ),
  byRule("a pattern in prose in JSON, in a key, with escapes", (p) =>
    typed("application/json", `{"a":"for no-${p.word()}.","no-${p.word()}":1,"b":"no\\u002d${escaped(p.word())}"}`),
  ),
  byRule("a pattern in text and HTML", (p) => typed("text/html", `<p title="no-${p.word()}">of no-${p.word()}</p>`)),
  byRule("a pattern in an event", (p) =>
    typed("text/event-stream", `event: no-${p.word()}\ndata: of no-${p.word()} here\n\n`),
  ),
  byRule("a pattern in an encoded form", (p) => form(`a=no%2D${p.word()}&no-${p.word()}&b=no-${p.word()}`)),
  byRule("a pattern in text said to be JSON", (p) => typed("application/json", `failed for no-${p.word()}`)),
  byRule("a pattern that the cut goes through", (p) =>
    typed("text/plain", `${upTo(CUT_BYTES - 8, "a")} no-${p.word()} ${"y".repeat(99)}`),
  ),
  byRule("addresses of mail", (p) => json({ to: `Ann <${p.word()}@shop.example>`, cc: [`${p.word()}@shop.example`] })),
];

/** Header lines, of requests and of answers. */
export const HEADERS: readonly Position<readonly string[]>[] = [
  at("Authorization: Basic", (p) => [`Authorization: Basic ${Buffer.from(`ann:${p.word()}`).toString("base64")}`]),
  at("Authorization: Bearer", (p) => [`Authorization: Bearer ${p.word()}`]),
  at("Authorization of its own make", (p) => [`Authorization: ${p.word()} x=${p.word()}`]),
  at("Proxy-Authorization", (p) => [`Proxy-Authorization: Digest username="a", response="${p.word()}"`]),
  at("Cookie", (p) => [`Cookie: a=${p.word()}; ${p.word()}; c="${p.word()}"`]),
  at("Set-Cookie, several lines", (p) => [`Set-Cookie: a=${p.word()}; Path=/`, `set-cookie: b=${p.word()}; HttpOnly`]),
  at("API keys, several lines", (p) => [
    `X-Api-Key: ${p.word()}`,
    `X-Auth-Token: ${p.word()}`,
    `x-auth-token: ${p.word()}, ${p.word()}`,
  ]),
  at("Location", (p) => [`Location: https://a.example/cb?x=1&access_token=${p.word()}#id_token=${p.word()}`]),
  at("Location, encoded within", (p) => [`Location: /login?next=%2Fcb%3Ftoken%3D${p.word()}`]),
  at("Referer with a password", (p) => [`Referer: https://ann:${p.word()}@a.example/`]),
  at("card numbers and JWTs in any header", (p) => [`X-Note: card ${p.card(" ")}`, `X-Other: ${jwt(p.word())}`]),
  at("trace and hop headers", (p) => [`X-Request-Id: ${p.word()}`, `Tracestate: a=${p.word()}`]),
  byRule("a header, several lines", (p) => [`X-Customer: ${p.word()}`, `x-customer: a, ${p.word()}`]),
  byRule("a pattern in a header", (p) => [`X-Note: of no-${p.word()}`]),
  byRule("a parameter in Location and Link", (p) => [
    `Location: /cb?invite=${p.word()}`,
    `Link: </cb?a=b&invite=${p.word()}>; rel=next`,
  ]),
];

export const TARGETS: readonly Position<string>[] = [
  at("query", (p) => `/t?a=1&token=${p.word()}&API_KEY=${p.word()}`),
  at("query: encoded names", (p) => `/t?api%5Fkey=${p.word()}&user[password]=${p.word()}`),
  at("query: a target within", (p) => `/t?next=%2Fcb%3Ftoken%3D${p.word()}`),
  at("query: a card number", (p) => `/t?pan=${p.card("%20")}&other=${p.card()}`),
  at("path: parameters of a step", (p) => `/t/login;jsessionid=${p.word()}/x`),
  at("path: a card number", (p) => `/t/pay-${p.card("-")}-x`),
  at("path: a JWT", (p) => `/t/verify/${jwt(p.word())}`),
  at("path: name=value", (p) => `/t/access_token=${p.word()}/me`),
  at("path: a URL within", (p) => `/t/fetch/http%3A%2F%2Fann%3A${p.word()}%40h.example%2F`),
  byRule("path: a step", (p) => `/reset/${p.word()}/confirm`),
  byRule("path: a step, spelled otherwise", (p) => `//t/.././%72eset/${p.word()}`),
  byRule("path: a pattern", (p) => `/t/of/no-${p.word()}`),
  byRule("path: a pattern, encoded", (p) => `/t/of/no%2D${p.word()}`),
  byRule("path: an address of mail", (p) => `/t/users/${p.word()}%40shop.example`),
  byRule("query: a parameter", (p) => `/t?invite=${p.word()}`),
  byRule("query: a pattern", (p) => `/t?q=no%2D${p.word()}&no-${p.word()}`),
];

export type Failing = { readonly lane: "primary" | "candidate"; readonly raw: string };

/** What a lane sends in place of an answer, or as an error. */
export const FAILURES: readonly Position<Failing>[] = [
  at("an error page of the candidate", (p) => {
    const body = `Error: login failed\n  password=${p.word()}\n  at https://ann:${p.word()}@db.example/`;
    return {
      lane: "candidate",
      raw: `HTTP/1.1 500 ${p.word()}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    };
  }),
  at("a candidate that talks no HTTP", (p) => ({ lane: "candidate", raw: `SSH-2.0 ${p.word()}\r\n` })),
  at("a candidate's broken head", (p) => ({ lane: "candidate", raw: `HTTP/1.1 200 OK\r\nX ${p.word()}\r\n\r\n` })),
  at("a candidate that resets", (p) => ({
    lane: "candidate",
    raw: `HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n${p.word()}`,
  })),
  at("a primary that talks no HTTP", (p) => ({ lane: "primary", raw: `220 ${p.word()}\r\n` })),
  at("a primary that breaks off", (p) => ({
    lane: "primary",
    raw: `HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n${p.word()}`,
  })),
];

/** What the tee refuses, as it comes. */
export const REFUSED: readonly Position<string>[] = [
  at("a broken request line", (p) => `GET /${p.word()}\r\nHost: a\r\n\r\n`),
  at("a broken header line", (p) => `GET / HTTP/1.1\r\nHost: a\r\n${p.word()}\r\n\r\n`),
  at("no Host", (p) => `GET /?token=${p.word()} HTTP/1.1\r\nAuthorization: ${p.word()}\r\n\r\n`),
  at("two Hosts", (p) => `GET / HTTP/1.1\r\nHost: ${p.word()}\r\nHost: ${p.word()}\r\n\r\n`),
  at("CONNECT", (p) => `CONNECT ${p.word()}:443 HTTP/1.1\r\nHost: ${p.word()}\r\n\r\n`),
  at("a head too large", (p) => `GET /${p.word()} HTTP/1.1\r\nHost: a\r\nX: ${p.word().repeat(5_000)}\r\n\r\n`),
  at("broken chunks", (p) => `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${p.word()}\r\n`),
  at("no HTTP at all", (p) => `\x16\x03\x01${p.word()}\r\n\r\n`),
];
