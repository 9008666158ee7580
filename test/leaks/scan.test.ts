import { createHash } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { scan } from "./scan.ts";
import { CANARY, Plants } from "./secrets.ts";

const plants = new Plants();
const word = plants.word();
const noise = (bytes: number) =>
  Buffer.concat(Array.from({ length: bytes / 32 }, (_, i) => createHash("sha256").update(`${i}`).digest()));
const json = (text: string) => Buffer.from(JSON.stringify({ a: "x".repeat(40), text, b: [1, 2, 3] }));
const segment = (text: string) =>
  zstdCompressSync(Buffer.concat([Buffer.from([0, 1, 0, 9]), json(text), noise(96), json("other")]));

test.each<[string, Buffer]>([
  ["as it is", Buffer.from(`xx${word}yy`)],
  ["in capitals", Buffer.from(word.toUpperCase())],
  ["its beginning alone", Buffer.from(`{"a":"${word.slice(0, 6)}"}`)],
  ["its end alone", Buffer.from(`{"a":"~r:s:0123456789abcdef${word.slice(-6)}"}`)],
  ["a card number in groups", Buffer.from(`x ${plants.card(" ")} y ${plants.card("-")}`)],
  ["a number", Buffer.from(`{"n":${plants.number()}}`)],
  ["base64, wherever it begins", Buffer.from(`{"a":"${Buffer.from(`user:${word}`).toString("base64")}"}`)],
  [
    "base64 behind other characters of its kind",
    Buffer.from(`keyAb1${Buffer.from(`ann:${word}, and more`).toString("base64")}`),
  ],
  [
    "base64url in base64",
    Buffer.from(Buffer.from(`a.${Buffer.from(`{"sub":"${word}"}`).toString("base64url")}.c`).toString("base64")),
  ],
  [
    "a segment in a message of the queue",
    Buffer.from(JSON.stringify({ MessageBody: segment(word).toString("base64") })),
  ],
  [
    "a document of the table",
    Buffer.from(JSON.stringify({ Item: { document: { B: zstdCompressSync(json(word)).toString("base64") } } })),
  ],
  [
    "several segments in an object, behind their lengths",
    Buffer.concat([noise(32), segment("other"), noise(32), segment(word)]),
  ],
  ["a frame of zstd in the midst of others", Buffer.concat([noise(4_096), zstdCompressSync(json(word)), noise(4_096)])],
  ["gzip", Buffer.concat([noise(64), gzipSync(json(word)), noise(64)])],
  ["deflate", deflateSync(json(word))],
  ["br", brotliCompressSync(json(word))],
  ["gzip in zstd in base64", Buffer.from(zstdCompressSync(gzipSync(json(word))).toString("base64"))],
  ["percent-encoded", Buffer.from([...word].map((char) => `%${char.charCodeAt(0).toString(16)}`).join(""))],
  ["escaped as in JSON", Buffer.from([...word].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join(""))],
  ["as references of HTML", Buffer.from([...word].map((char) => `&#${char.charCodeAt(0)};`).join(""))],
])("a secret is found: %s", (_, bytes) => {
  expect(scan("store", [bytes]).leaks).not.toEqual([]);
});

test("nothing is found where nothing is, and it is said what was read", () => {
  const bytes = Buffer.from(
    JSON.stringify({ MessageBody: segment(`${CANARY} ~r:s:0123456789abcdef`).toString("base64") }),
  );
  expect(scan("store", [noise(65_536), bytes])).toEqual({
    leaks: [],
    hasCanary: true,
    markers: new Set(["~r:s:0123456789abcdef"]),
  });
  expect(scan("store", [noise(64)]).hasCanary).toBe(false);
});

test("letters that compressed bytes have by chance as base64 are no secret", () => {
  const blob = `KLUv/${"aB3+".repeat(20)}KxVqZ${"x9/Q".repeat(20)}==`;
  expect(scan("store", [Buffer.from(`{"B":"${blob}"}`)]).leaks).toEqual([]);
  expect(scan("store", [Buffer.from(`{"B":"${blob.slice(5)}"}`)]).leaks).not.toEqual([]);
});
