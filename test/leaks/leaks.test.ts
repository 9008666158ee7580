import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { cleanUp, newFolder, pause, type Up, up } from "../end-to-end/system.ts";
import { type Leak, type Scan, scan } from "./scan.ts";
import { Plants } from "./secrets.ts";
import { countsTable } from "./table.ts";
import { type Exchange, LANES, type Lane, plantAll, sendAll, serve } from "./traffic.ts";

// Two thousand secrets in every position that a request or an answer has: nothing that the system keeps, sends, prints or answers may hold
// one, or a part of one. It is read as it lies on disk, as it was sent, and as it is answered, with every coding undone.

const ROUNDS = 4;
const ROOT = resolve(__dirname, "../..");

/** What nothing but a declaration can tell from other text. */
const REDACT = `
headers: [X-Customer]
names: [license-plate]
parameters: [invite]
json: [/customer/*/bank/iban]
paths: ["/reset/{token}"]
patterns: ['no-[a-z]{5,64}']
emails: true
`;

const overlayFile = (urls: Record<Lane, string>): string => `
name: local
services:
  app:
    url: ${urls.candidate}
    secondary: { url: "${urls.secondary}" }
    probe: { write: { path: /probe, body: "{canary}" }, read: { path: /probe }, watchSeconds: 0.1 }
sideEffects: suppressed
sampling: { match: { methods: [GET, POST] } }
# What an overlay adds holds as well.
redact: { json: [/note/**] }
`;

afterEach(cleanUp);
jest.setTimeout(180_000);

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** What LevelDB compressed is not in its files as it is. */
const rowsOf = async (folder: string): Promise<Buffer> => {
  const { Level } = createRequire(createRequire(__filename).resolve("dynalite"))("level");
  const rows: string[] = [];
  const db = new Level(folder);
  for await (const [key, value] of db.iterator()) rows.push(`${key} ${value}`);
  await db.close();
  return Buffer.from(rows.join("\n"));
};

const openapi = JSON.parse(readFileSync(join(ROOT, "docs/openapi.json"), "utf8")) as {
  readonly paths: Readonly<Record<string, { readonly get?: unknown }>>;
};
const READING = Object.entries(openapi.paths).flatMap(([path, { get }]) => (get === undefined ? [] : [path]));

/** Of the findings one by one, so many; all of them are in the list. */
const FINDINGS_ASKED = 20;

/** What the API answers to every question that only reads. */
const answersOf = async ({ apiUrl }: Up): Promise<{ readonly api: Buffer[]; readonly reports: Buffer[] }> => {
  const get = async (path: string): Promise<Buffer> =>
    Buffer.from(await (await fetch(`${apiUrl}${path}`)).arrayBuffer());
  const { findings } = JSON.parse(String(await get("/environments/local/diffs?limit=500"))) as {
    readonly findings: readonly { readonly id: string }[];
  };
  const every = Math.ceil(findings.length / FINDINGS_ASKED);
  const asked = findings.filter((_, index) => index % every === 0).map(({ id }) => id);
  const api: Buffer[] = [];
  for (const path of READING) {
    const id = path.startsWith("/baselines") ? "local-baseline" : "local";
    const of = path.replace("{id}", id);
    const parameter = /\{\w+\}/.exec(of)?.[0];
    const all = parameter === undefined ? [of] : asked.map((finding) => of.replace(parameter, finding));
    for (const one of all) api.push(await get(one.endsWith("/diffs") ? `${one}?limit=500` : one));
  }
  const formats = ["markdown", "junit", "html", "json"];
  const reports = await Promise.all(formats.map((format) => get(`/environments/local/report?format=${format}`)));
  return { api, reports };
};

const settled = async (system: Up, sampled: number): Promise<Readonly<Record<string, number>>> => {
  for (let look = 0; look < 300; look++) {
    const answer = await fetch(`${system.apiUrl}/environments/local`);
    const { outcomes } = (await answer.json()) as { readonly outcomes: Readonly<Record<string, number>> };
    if (outcomes.sampled! >= sampled && outcomes.inFlight === 0 && outcomes.gap === 0) return outcomes;
    await pause(200);
  }
  throw new Error(`not settled: ${(await system.cli("env", "show", "local")).out}`);
};

/** Asks for what no exchange is, until it is mirrored: before the tee has the new plan and has probed, writes are not. */
const untilWritesAreMirrored = async (system: Up, isMirrored: () => boolean, number: number): Promise<void> => {
  const write = `POST / HTTP/1.1\r\nHost: a\r\nx-case: ${number}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
  for (let look = 0; look < 100 && !isMirrored(); look++) {
    await sendAll(system.teeUrl, [Buffer.from(write)]);
    await pause(100);
  }
};

interface Aftermath {
  readonly outcomes: Readonly<Record<string, number>>;
  /** Everything there is, by where it is. */
  readonly stores: ReadonlyMap<string, readonly Buffer[]>;
}

/** Serves the exchanges, mirrors them, and gathers all that there is afterwards. */
const aftermathOf = async (exchanges: readonly Exchange[], refused: readonly Buffer[]): Promise<Aftermath> => {
  const [data, sent] = [newFolder(), newFolder()];
  const services = await Promise.all(LANES.map((lane) => serve(lane, exchanges)));
  const urls = Object.fromEntries(services.map(({ url }, index) => [LANES[index]!, url])) as Record<Lane, string>;
  writeFileSync(join(data, "redact.yaml"), REDACT);
  writeFileSync(join(data, "overlay.yaml"), overlayFile(urls));
  process.env.NODE_OPTIONS = `--import ${pathToFileURL(join(__dirname, "record-sent.mjs"))}`;
  process.env.RECORD_SENT_IN = sent;
  const lanes = LANES.flatMap((lane) => [`--${lane}`, urls[lane]]);
  const system = await up([...lanes, "--data", join(data, "data"), "--redact", join(data, "redact.yaml")]);
  delete process.env.NODE_OPTIONS;
  const replace = ["--baseline", "local-baseline", "--file", join(data, "overlay.yaml"), "--replace"];
  expect(await system.cli("overlay", "create", ...replace)).toMatchObject({ exit: 0 });
  await untilWritesAreMirrored(system, () => services[1]!.asked.has(exchanges.length), exchanges.length);
  await sendAll(system.teeUrl, [...exchanges.map(({ request }) => request), ...refused]);
  const outcomes = await settled(system, exchanges.length);
  const { api, reports } = await answersOf(system);
  const { out } = await system.cli("env", "diffs", "local", "--limit", "500");
  expect(await system.end()).toBe(0);
  for (const service of services) service.close();

  const read = (paths: readonly string[]): Buffer[] => paths.map((path) => readFileSync(path));
  const recorded = filesIn(sent);
  const sentTo = (store: string) => read(recorded.filter((path) => path.startsWith(join(sent, `${store}-`))));
  return {
    outcomes,
    stores: new Map<string, readonly Buffer[]>([
      ["table, as sent", sentTo("table")],
      ["table, its files", read(filesIn(join(data, "data/table")))],
      ["table, its rows", [await rowsOf(join(data, "data/table"))]],
      ["queue, as sent", sentTo("queue")],
      ["bucket, as sent", sentTo("bucket")],
      ["bucket, its objects", read(filesIn(join(data, "data/objects")))],
      ["other requests", sentTo("other")],
      ["answers of the API", api],
      ["reports", reports],
      ["output of a command", [Buffer.from(out)]],
      ["output and logs of the system", [Buffer.from(system.printed())]],
    ]),
  };
};

const shown = ({ store, through, around }: Leak): string =>
  `${store} (${through.join(" > ") || "as it is"}): ${around}`;

/** Nothing of traffic is in them at all. */
const WITHOUT_CANARY = ["other requests", "output and logs of the system"];

test("of two thousand planted secrets none is in table, bucket, queue, logs, reports or answers of the API", async () => {
  const plants = new Plants();
  const { exchanges, refused } = plantAll(plants, ROUNDS);
  const planted = new Set(plants.all.map(({ text }) => text));
  expect(planted.size).toBeGreaterThanOrEqual(2_000);
  const { stores, outcomes } = await aftermathOf(exchanges, refused);
  expect(outcomes.compared).toBeGreaterThan(exchanges.length * 0.9);

  const scans = new Map<string, Scan>([...stores].map(([store, pieces]) => [store, scan(store, pieces)]));
  const leaks = [...scans.values()].flatMap((each) => each.leaks);
  expect(leaks.map(shown)).toEqual([]);
  // All was read: what is no secret is found everywhere, and secrets are there as markers.
  const unread = [...scans].filter(([, { hasCanary }]) => !hasCanary).map(([store]) => store);
  expect(unread).toEqual(WITHOUT_CANARY);
  expect(stores.get("output and logs of the system")?.join()).toContain("send your traffic to");
  for (const store of ["queue, as sent", "bucket, its objects"])
    expect(scans.get(store)?.markers.size).toBeGreaterThan(planted.size * 0.7);
  expect(scans.get("answers of the API")?.markers.size).toBeGreaterThan(50);

  // docs/redaction.md has this table: copy it there when positions change.
  const doc = readFileSync(join(ROOT, "docs/redaction.md"), "utf8");
  expect(doc).toContain(countsTable(plants.all, leaks.length));
});
