import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { builtStamp, DIST, sourcesStamp } from "../web/build.ts";
import { cacheControlOf, mediaTypeOf, securityHeaders } from "../web/headers.ts";

const CODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;
const BUILD_COMMAND = "npm run dashboard";

interface File {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer<ArrayBuffer>;
  /** By content coding. */
  readonly coded: readonly (readonly [coding: string, body: Buffer<ArrayBuffer>])[];
}

export interface Dashboard {
  /** What is served at this path; undefined where the API is to answer. */
  readonly answer: (request: Request) => Response | undefined;
  /** For the user, where it is not built or older than its sources. */
  readonly note: string | undefined;
}

/** The built dashboard, read once: its paths and those of the API do not overlap. */
export const readDashboard = (folder: string = DIST): Dashboard => {
  const files = filesIn(folder);
  const answer = (request: Request): Response | undefined => {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const { pathname } = new URL(request.url);
    if (pathname === "/" && files.size === 0) return notBuilt();
    const file = files.get(pathname === "/" ? "/index.html" : pathname);
    return file === undefined ? undefined : responseOf(file, request);
  };
  return { answer, note: noteOf(files.size > 0) };
};

const filesIn = (folder: string): ReadonlyMap<string, File> => {
  const paths = globSync("**/*", { cwd: folder }).filter((path) => mediaTypeOf(path) !== undefined);
  try {
    return new Map(paths.map((path) => [`/${path.replaceAll("\\", "/")}`, readFile(folder, path)]));
  } catch {
    // It is being built anew at this moment: as if it were not there.
    return new Map();
  }
};

const readFile = (folder: string, path: string): File => {
  const body = readFileSync(join(folder, path));
  const coded = CODINGS.flatMap(([coding, suffix]) => {
    try {
      return [[coding, readFileSync(join(folder, path + suffix))] as const];
    } catch {
      return [];
    }
  });
  const headers = {
    ...securityHeaders(),
    "content-type": mediaTypeOf(path) ?? "",
    "cache-control": cacheControlOf(path),
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    vary: "accept-encoding",
  };
  return { headers, body, coded };
};

const responseOf = ({ headers, body, coded }: File, request: Request): Response => {
  if (request.headers.get("if-none-match") === headers.etag) return new Response(null, { status: 304, headers });
  const accepted = (request.headers.get("accept-encoding") ?? "").split(",").map((one) => one.trim().split(";")[0]);
  const [coding, bytes] = coded.find(([name]) => accepted.includes(name)) ?? [undefined, body];
  const sent = { ...headers, "content-length": String(bytes.length), ...(coding && { "content-encoding": coding }) };
  return new Response(request.method === "HEAD" ? null : bytes, { headers: sent });
};

const notBuilt = (): Response =>
  new Response(`The dashboard is not built. Run this in Shadowgraph's folder, then start again: ${BUILD_COMMAND}\n`, {
    status: 404,
    headers: { ...securityHeaders(), "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });

const noteOf = (isBuilt: boolean): string | undefined => {
  if (!isBuilt) return `the dashboard is not built: ${BUILD_COMMAND}`;
  const [built, sources] = [builtStamp(), sourcesStamp()];
  return built === sources ? undefined : `the dashboard is older than its sources: ${BUILD_COMMAND}`;
};
