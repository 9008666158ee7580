import { hash } from "node:crypto";
import { brotliDecompressSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { CANARY, GIVEAWAYS } from "./secrets.ts";

/** What was found in a store, through how many codings, with what stands around it. */
export interface Leak {
  readonly store: string;
  readonly through: readonly string[];
  readonly around: string;
}

export interface Scan {
  readonly leaks: readonly Leak[];
  /** The canary was there: the scanner can read this store. */
  readonly hasCanary: boolean;
  /** What stands in place of secrets, each once. */
  readonly markers: ReadonlySet<string>;
}

const MAX_DEPTH = 5;
const SHORT_RUN_CHARS = 4_096;
const MIN_CODED_BYTES = 48;
const MAX_CODED_BYTES = 1_000_000;
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08, 0]);

/** RFC 8878 3.1.1: where the frame that begins here ends; -1 where it is none. */
const endOfZstd = (bytes: Buffer, from: number): number => {
  const flags = bytes[from + 4] ?? 0;
  const isSingle = (flags & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!;
  let at = from + 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][flags & 3]! + sizeBytes;
  for (;;) {
    if (at + 3 > bytes.length) return -1;
    const header = bytes.readUIntLE(at, 3);
    const type = (header >> 1) & 3;
    at += 3 + (type === 1 ? 1 : header >> 3);
    if ((header & 1) === 1) return at + ((flags & 4) !== 0 ? 4 : 0);
  }
};

const tried = (act: () => Buffer): Buffer | undefined => {
  try {
    return act();
  } catch {
    return undefined;
  }
};

type View = readonly [coding: string, bytes: Buffer];

const framesIn = (bytes: Buffer, magic: Buffer, read: (from: number) => Buffer | undefined, coding: string): View[] => {
  const found: View[] = [];
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
    const inside = read(at);
    if (inside !== undefined && inside.length > 0) found.push([coding, inside]);
  }
  return found;
};

const zstd = (bytes: Buffer): View[] =>
  framesIn(
    bytes,
    ZSTD_MAGIC,
    (at) => tried(() => zstdDecompressSync(bytes.subarray(at, endOfZstd(bytes, at)))),
    "zstd",
  );
/** RFC 1952 2.3.1: ten bytes of head where no flag is set; what follows the member does not matter. */
const gzip = (bytes: Buffer): View[] =>
  framesIn(bytes, GZIP_MAGIC, (at) => tried(() => inflateRawSync(bytes.subarray(at + 10))), "gzip");

/** Codings without a mark of their own: all of it may be such. */
const whole = (bytes: Buffer): View[] => {
  const views: View[] = [];
  if (bytes.length < MIN_CODED_BYTES || bytes.length > MAX_CODED_BYTES) return views;
  for (const [coding, decode] of [["deflate", inflateSync] as const, ["br", brotliDecompressSync] as const]) {
    const inside = tried(() => decode(bytes));
    if (inside !== undefined && inside.length > 0) views.push([coding, inside]);
  }
  return views;
};

/** A secret in base64 may begin at any character of a run that is none: each of four is tried. */
const base64 = (text: string): View[] => {
  const found: View[] = [];
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{16,}/g)) {
    const starts = run.length > SHORT_RUN_CHARS ? [0] : [0, 1, 2, 3];
    for (const start of starts) found.push(["base64", Buffer.from(run.slice(start), "base64")]);
  }
  return found;
};

const codePoint = (code: number): string => (code < 0x110000 ? String.fromCodePoint(code) : "");
const ESCAPE = /%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\(.)|&#x([0-9a-f]{1,6});|&#(\d{1,7});/gi;

/** What the text says once its escapes are undone, of whatever format; nothing where it has none. */
const unescaped = (text: string): View[] => {
  const plain = text.replace(ESCAPE, (_, percent, unit, char, hex, digits) =>
    char === undefined ? codePoint(digits ? Number(digits) : Number.parseInt(percent ?? unit ?? hex, 16)) : char,
  );
  return plain === text ? [] : [["escapes", Buffer.from(plain, "latin1")]];
};

const SAMPLED_BYTES = 1_024;

/** Mostly characters: what is decoded from the wrong place is not. */
const isText = (bytes: Buffer): boolean => {
  const sample = bytes.subarray(0, SAMPLED_BYTES);
  const printable = sample.filter((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d);
  return printable.length > sample.length * 0.8;
};

const viewsOf = (bytes: Buffer, isStore: boolean): View[] => {
  const views = [...zstd(bytes), ...gzip(bytes), ...whole(bytes)];
  if (!isStore && !isText(bytes)) return views;
  const text = bytes.toString("latin1");
  return [...views, ...base64(text), ...unescaped(text)];
};

/** Zstd or gzip as base64: what it holds is looked into, and its own characters have five letters in a row by chance once in some thirty runs. */
const COMPRESSED = /(?:KLUv\/|H4sI)[A-Za-z0-9+/]{32,}=*/g;

const AROUND_CHARS = 60;
const MARKERS = /~r:[snbz]:[0-9a-f]{16}/g;

/** Looks for every secret, or a part of one, in the pieces of a store and in all that they hold once codings and escapes are undone. */
export const scan = (store: string, pieces: readonly Buffer[]): Scan => {
  const leaks: Leak[] = [];
  const markers = new Set<string>();
  let hasCanary = false;
  const seen = new Set<string>();
  const seenViews = new Set<string>();
  const look = (view: Buffer, through: readonly string[]): void => {
    const name = hash("sha1", view);
    if (seenViews.has(name)) return;
    seenViews.add(name);
    const text = view.toString("latin1").replace(COMPRESSED, "").toLowerCase();
    hasCanary ||= text.includes(CANARY);
    for (const [marker] of text.matchAll(MARKERS)) markers.add(marker);
    for (const giveaway of GIVEAWAYS)
      for (let at = text.indexOf(giveaway); at !== -1; at = text.indexOf(giveaway, at + 1)) {
        const around = text.slice(Math.max(0, at - AROUND_CHARS), at + AROUND_CHARS);
        if (!seen.has(around)) leaks.push({ store, through, around });
        seen.add(around);
      }
    if (through.length === MAX_DEPTH) return;
    for (const [coding, inside] of viewsOf(view, through.length === 0)) look(inside, [...through, coding]);
  };
  for (const piece of pieces) look(piece, []);
  return { leaks, hasCanary, markers };
};
