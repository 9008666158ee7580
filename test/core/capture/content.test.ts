import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { cutContent, decodeContent, isText } from "../../../core/capture/content.ts";

const TEXT = Buffer.from('{"a":1}');
const encoded = (value: string) => [["Content-Encoding", value]] as const;
const same = (a: Uint8Array, b: Uint8Array) => expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true);

test.each([
  ["gzip", gzipSync(TEXT)],
  ["GZIP", gzipSync(TEXT)],
  ["x-gzip", gzipSync(TEXT)],
  ["deflate", deflateSync(TEXT)],
  ["deflate", deflateRawSync(TEXT)],
  ["br", brotliCompressSync(TEXT)],
  ["zstd", zstdCompressSync(TEXT)],
  ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
  ["identity", TEXT],
  ["", TEXT],
])("%s is decoded", (coding, body) => {
  const { content, decoded, cut } = decodeContent(body, encoded(coding), 1_000);
  same(content, TEXT);
  expect({ decoded, cut }).toEqual({ decoded: true, cut: false });
});

test("codings on several lines are stacked in their order", () => {
  const headers = [...encoded("gzip"), ...encoded("br")];
  same(decodeContent(brotliCompressSync(gzipSync(TEXT)), headers, 1_000).content, TEXT);
});

test.each([
  ["an unknown coding", "compress", TEXT],
  ["broken bytes", "gzip", TEXT],
  ["a stream cut short", "gzip", gzipSync(TEXT).subarray(0, 20)],
  ["five codings", "gzip,gzip,gzip,gzip,gzip", TEXT],
])("%s come back undecoded, and said so", (_, coding, body) => {
  expect(decodeContent(body, encoded(coding), 1_000)).toEqual({ content: body, decoded: false, cut: false });
});

const BOMB = Buffer.alloc(10_000_000);
test.each([
  ["gzip", gzipSync(BOMB)],
  ["deflate", deflateSync(BOMB)],
  ["br", brotliCompressSync(BOMB)],
  ["zstd", zstdCompressSync(BOMB)],
  ["gzip, gzip", gzipSync(gzipSync(BOMB))],
])("a %s bomb is not unpacked", (coding, body) => {
  expect(decodeContent(body, encoded(coding), 100_000)).toEqual({ content: body, decoded: false, cut: true });
});

test("no bytes are no content, whatever the coding says", () => {
  expect(decodeContent(Buffer.alloc(0), encoded("gzip"), 10).decoded).toBe(true);
});

test.each<[string, Uint8Array, string | undefined, boolean]>([
  ["UTF-8", Buffer.from("é\n"), undefined, true],
  ["latin-1 that says it is JSON", Buffer.from("\xe9", "latin1"), "application/problem+json; charset=latin1", true],
  ["latin-1 that says nothing", Buffer.from("\xe9", "latin1"), undefined, false],
  ["bytes that look like text but for one", Buffer.from("a\x00b"), "application/octet-stream", false],
  ["a small protobuf message", Buffer.from("\n\x05hello"), "application/x-protobuf", false],
  ["UTF-16 that says it is JSON", Buffer.from('{"a":1}', "utf16le"), "application/json", false],
  ["nothing", Buffer.alloc(0), undefined, true],
])("is %s text", (_, content, contentType, is) => {
  expect(isText(content, contentType)).toBe(is);
});

test("cut UTF-8 stays UTF-8 and within the bound", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(20), (value, maxBytes) => {
      const cut = cutContent(Buffer.from(value), maxBytes);
      expect(cut.length).toBeLessThanOrEqual(maxBytes);
      expect(cut.length).toBeGreaterThan(Math.min(Buffer.byteLength(value), maxBytes) - 4);
      expect(value.startsWith(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(cut))).toBe(true);
    }),
  );
});
