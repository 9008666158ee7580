import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

// The layout is the architecture: what may import what, and what a file may hold. Each rule is a function from source
// texts to faults, so that each is also shown to fail on a planted one. TypeScript 7 has no JS API: imports are scanned.

interface Source {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
}
interface Import {
  readonly from: string;
  /** A path from the root, or a package or `node:` name. */
  readonly to: string;
  readonly isLocal: boolean;
  readonly how: "static" | "type" | "dynamic";
}
type Rule = (sources: readonly Source[]) => readonly string[];

const root = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = [
  "bin",
  "core",
  "adapters",
  "proxy",
  "guard",
  "lambdas",
  "lib",
  "local",
  "cli",
  "action",
  "web",
  "helpers",
] as const;
/** Imports go leftwards only. */
const STAGES = [
  "capture",
  "endpoints",
  "sampling",
  "deploy",
  "pair",
  "segment",
  "diff",
  "noise",
  "verdict",
  "release",
  "recheck",
  "rules",
  "report",
] as const;
const MAX_LINES = 250;

const readTree = (): Source[] =>
  FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() && /\.(?:tsx?|m[jt]s)$/.test(entry.name) && !/\/(?:dist|\.build)\b/.test(entry.parentPath),
      )
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return { path: relative(root, path).split(sep).join("/"), text: readFileSync(path, "utf8") };
      }),
  );

const TOKENS =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=[=(,:[!&|?{};\n]\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//g;
const withoutComments = (text: string): string =>
  text.replace(TOKENS, (token) => (token.startsWith("//") || token.startsWith("/*") ? " " : token));
/** Code alone: no comments, no regular expressions, strings emptied; templates stay, since they hold code. */
const codeOf = (text: string): string =>
  text.replace(TOKENS, (token) => (token.startsWith("`") ? token : /^["']/.test(token) ? '""' : " "));

const importsOf = ({ path, text }: Source): Import[] => {
  const found: Import[] = [];
  const add = (specifier: string, how: Import["how"]) => {
    const isLocal = specifier.startsWith(".");
    const to = isLocal ? join(dirname(path), specifier).split(sep).join("/") : specifier;
    found.push({ from: path, to, isLocal, how });
  };
  const code = withoutComments(text);
  const statement = /(?:^|[;\n])\s*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s*)?["']([^"'\n]+)["']/g;
  for (const [, type, specifier] of code.matchAll(statement)) add(specifier!, type ? "type" : "static");
  for (const [, specifier] of code.matchAll(/\b(?:import|require)\s*\(\s*["']([^"'\n]+)["']/g))
    add(specifier!, "dynamic");
  return found;
};

const folderOf = (path: string): string => path.split("/")[0] ?? path;
const packageOf = (specifier: string): string =>
  specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : (specifier.split("/")[0] ?? specifier);
const show = ({ from, to, how }: Import): string => `${from} imports ${to} (${how})`;

const PURE_PACKAGES = new Set(["zod", "jsondiffpatch", "node:crypto", "node:zlib", "node:buffer", "node:util"]);
const CDK_PACKAGES = new Set(["aws-cdk-lib", "constructs", "cdk-nag"]);
const LIB_PACKAGES = new Set([...CDK_PACKAGES, "esbuild", "node:fs", "node:path", "node:url"]);
/** What is read from a file before any stack is made: it knows of no CDK, so that the CLI can describe it too. */
const isConfig = (path: string): boolean => path.startsWith("lib/config/");

/** What makes stacks reads its file as the CLI reads its own, and shows faults and tables as the CLI does. */
const STACK_MAKERS = new Set(["bin/app.ts", "bin/presets.ts"]);
const OF_CLI = new Set(["cli/yaml-file.ts", "cli/failure.ts", "cli/render/paint.ts", "cli/render/table.ts"]);

const MIRROR_PARTS = new Set(["proxy/marks.ts", "proxy/mirrored-head.ts", "proxy/target.ts"]);
const isEnv = (path: string): boolean => path.endsWith("/env.ts");
const among =
  (...folders: string[]) =>
  (to: string): boolean =>
    folders.includes(folderOf(to));
const MAY_IMPORT: Readonly<Record<string, (to: string, how: Import["how"], from: string) => boolean>> = {
  core: among("core"),
  adapters: among("core", "adapters"),
  proxy: among("core", "adapters", "proxy"),
  // Its observers pass bytes as a tee does.
  guard: among("core", "adapters", "proxy", "guard"),
  // What is sent again is a mirror once more: its head and marks are made in the same place.
  lambdas: (to, _how, from) =>
    among("core", "adapters", "lambdas")(to) ||
    (from.startsWith("lambdas/resend/") && MIRROR_PARTS.has(to)) ||
    (from.startsWith("lambdas/site/") && to === "web/headers.ts"),
  // The tee's flags are part of its contract with whoever starts it, like the variables of its environment; so are the names of the alarms
  // that programs ask for, for which those variables have no room.
  lib: (to, how, from) =>
    (folderOf(to) === "lib" && !(isConfig(from) && !isConfig(to))) ||
    (isConfig(from) && folderOf(to) === "core") ||
    (how === "type" && (isEnv(to) || to === "adapters/tee-route.ts")) ||
    to === "proxy/node-flags.ts" ||
    to === "adapters/alarm-names.ts" ||
    (from === "lib/dashboard-site.ts" && (to === "web/build.ts" || to === "web/headers.ts")),
  // Who serves the dashboard asks its build where it lies, and how it is served.
  local: (to) =>
    among("core", "adapters", "proxy", "guard", "lambdas", "local")(to) ||
    to === "web/build.ts" ||
    to === "web/headers.ts",
  // What runs in a browser shares words with the CLI, and knows the API by its OpenAPI document alone.
  web: (to, _how, from) => folderOf(to) === "web" || (from.startsWith("web/src/") && folderOf(to) === "core"),
  // What serves a machine is loaded only by the command that needs it, so that `--help` is quick.
  cli: (to, how) =>
    among("core", "cli")(to) ||
    isConfig(to) ||
    (how === "type" && among("adapters", "lambdas", "local", "examples")(to)) ||
    (how === "dynamic" && among("adapters", "proxy", "guard", "local", "examples")(to)),
  action: among("core", "cli", "action"),
  // Users copy the folder: it stands alone.
  helpers: among("helpers"),
  bin: (to, _how, from) =>
    STACK_MAKERS.has(from)
      ? folderOf(to) === "lib" || OF_CLI.has(to) || to === "core/errors.ts"
      : folderOf(to) === "cli",
};

const directions: Rule = (sources) =>
  sources
    .flatMap(importsOf)
    .filter((found) => found.isLocal && !MAY_IMPORT[folderOf(found.from)]!(found.to, found.how, found.from))
    .map(show);

const packages: Rule = (sources) =>
  sources
    .flatMap(importsOf)
    .filter(({ from, to, isLocal }) => {
      if (isLocal) return false;
      const folder = folderOf(from);
      if (folder === "helpers") return !to.startsWith("node:");
      if (folder === "core") return !PURE_PACKAGES.has(packageOf(to));
      if (isConfig(from)) return packageOf(to) !== "zod";
      if (folder === "lib") return !LIB_PACKAGES.has(packageOf(to));
      return CDK_PACKAGES.has(packageOf(to)) && from !== "bin/app.ts";
    })
    .map(show);

const stages: Rule = (sources) =>
  sources
    .flatMap(importsOf)
    .filter(({ from, to, isLocal }) => {
      if (!isLocal || folderOf(from) !== "core" || folderOf(to) !== "core") return false;
      const [stageOfFrom, stageOfTo] = [from, to].map((path) => path.split("/").slice(1, -1)[0]);
      if (stageOfTo === undefined) return stageOfFrom === undefined; // core/errors.ts: for all, imports nothing
      if (stageOfFrom === undefined) return true;
      const [at, towards] = [STAGES.indexOf(stageOfFrom as never), STAGES.indexOf(stageOfTo as never)];
      return at < 0 || towards < 0 || towards > at;
    })
    .map(show);

const knownStages: Rule = (sources) => [
  ...new Set(
    sources
      .map(({ path }) => /^core\/([^/]+)\/./.exec(path)?.[1])
      .filter((stage) => stage !== undefined && !STAGES.includes(stage as never))
      .map((stage) => `core/${stage} is no stage: ${STAGES.join(", ")}`),
  ),
];

/** Packages of core files that the dashboard loads would be loaded by browsers: Node's are not there, others weigh. */
const browserCore: Rule = (sources) => {
  const imports = Map.groupBy(sources.flatMap(importsOf), ({ from }) => from);
  const loaded = new Set(sources.map(({ path }) => path).filter((path) => path.startsWith("web/src/")));
  for (const path of loaded)
    for (const { to, isLocal, how } of imports.get(path) ?? []) if (isLocal && how !== "type") loaded.add(to);
  return [...loaded]
    .filter((path) => folderOf(path) === "core")
    .flatMap((path) => imports.get(path) ?? [])
    .filter(({ isLocal, how }) => !isLocal && how !== "type")
    .map((found) => `${show(found)}, and is loaded by the dashboard`);
};

const noCycles: Rule = (sources) => {
  const edges = new Map<string, readonly string[]>();
  for (const source of sources) {
    const to = importsOf(source).filter(({ isLocal, how }) => isLocal && how !== "dynamic");
    edges.set(
      source.path,
      to.map((found) => found.to),
    );
  }
  const faults: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) faults.push([...trail.slice(at), path].join(" -> "));
    if (at >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return faults;
};

const lengths: Rule = (sources) =>
  sources
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0) }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines, at most ${MAX_LINES}`);

const names: Rule = (sources) =>
  sources
    .filter(({ path }) =>
      path
        .replace(/^helpers\//, "")
        .split("/")
        .some((part) => /^(?:utils?|helpers?|services?|common|misc)(?:\.ts)?$/.test(part)),
    )
    .map(({ path }) => `${path}: name it by what it does`);

/** A foreign format stops at one file. */
const inOneFile =
  (name: string, folder: string, isIt: (specifier: string) => boolean): Rule =>
  (sources) => {
    const strings = /["'`]([^"'`\n]*)["'`]/g;
    const users = sources.filter(
      ({ path, text }) =>
        !path.endsWith(".d.ts") && [...withoutComments(text).matchAll(strings)].some(([, it]) => isIt(it!)),
    );
    if (users.length === 1 && users[0]!.path.startsWith(folder)) return [];
    return [`${name}: one file of ${folder}, not ${users.map(({ path }) => path).join(", ") || "none"}`];
  };
const jsondiffpatch = inOneFile("jsondiffpatch", "core/diff/", (it) => packageOf(it) === "jsondiffpatch");
/** `llhttp-binary.cjs` hands on the one of undici. */
const llhttp = inOneFile("llhttp", "proxy/", (it) => /^(?:undici\/.*llhttp|\.\/llhttp-binary)/.test(it));

const matching =
  (folders: readonly string[], forbidden: readonly RegExp[]): Rule =>
  (sources) =>
    sources
      .filter(({ path }) => folders.includes(folderOf(path)))
      .flatMap(({ path, text }) => {
        const code = codeOf(text);
        return forbidden.flatMap((pattern) => {
          const found = pattern.exec(code);
          return found ? [`${path}: ${found[0].trim()}`] : [];
        });
      });

const LOCAL_WORD = String.raw`(?:[\w$]+\.)*(?:local|embedded|emulated|is(?:Local|Embedded|Emulated)|(?:IS_)?LOCAL|EMBEDDED)`;
const noLocalChecks = matching(
  ["core", "adapters", "proxy", "guard", "lambdas"],
  [
    new RegExp(String.raw`\b(?:if|while)\s*\(\s*!?\s*${LOCAL_WORD}\s*(?:[)=!?]|&&|\|\|)`),
    new RegExp(String.raw`(?<![\w$.])${LOCAL_WORD}\s*(?:\?[^?.:]|&&|\|\||===)`),
    /\b(?:NODE_ENV|AWS_SAM_LOCAL|LOCALSTACK\w*)\b/,
  ],
);

const pure = matching(
  ["core"],
  [
    /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/,
    /\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bgetRandomValues\b/,
    /(?<![\w$.])process\s*[.[]/,
    /(?<![\w$.])fetch\s*\(/,
    /(?<![\w$.])fs\s*\./,
    /(?<![\w$.])set(?:Timeout|Interval|Immediate)\b/,
    /(?<![\w$.])console\s*\./,
  ],
);

const erasable = matching(FOLDERS, [
  /(?:^|[;\n])\s*(?:export\s+)?(?:const\s+)?enum\s+\w+\s*\{/,
  /(?:^|[;\n])\s*(?:export\s+)?namespace\s+[\w.]+\s*\{/,
  /\bconstructor\s*\((?:[^)]*,)?\s*(?:public|private|protected|readonly)\s+\w+/,
]);

const planted = (path: string, text: string): Source => ({ path, text });
const titleOf = ({ path, text }: Source): string => `${path}: ${text.slice(0, 60).replaceAll(/\s+/g, " ")}`;
const long = "const line = 1;\n".repeat(MAX_LINES + 1);

/** What each rule is called, the rule, and sources that each break it alone. */
const RULES: readonly (readonly [name: string, rule: Rule, breaking: readonly (readonly Source[])[]])[] = [
  [
    "folders import only what they may",
    directions,
    [
      [planted("core/diff/compare.ts", 'import { send } from "../../adapters/queue.ts";')],
      [planted("adapters/queue.ts", 'import type { Tee } from "../proxy/tee.ts";')],
      [planted("proxy/tee.ts", 'import { Guard } from "../guard/guard.ts";')],
      [planted("proxy/tee.ts", 'import { app } from "../lambdas/api/app.ts";')],
      [planted("lambdas/api/handler.ts", 'import {\n  Tee,\n} from "../../proxy/tee.ts";')],
      [planted("lambdas/api/handler.ts", 'export * from "../../local/aws.ts";')],
      [planted("lib/api.ts", 'import { ApiEnv } from "../lambdas/api/env.ts";')],
      [planted("lib/api.ts", 'import type { App } from "../lambdas/api/app.ts";')],
      [planted("local/up.ts", 'import { ShadowgraphStack } from "../lib/stack.ts";')],
      [planted("cli/up.ts", 'import { up } from "../local/up.ts";')],
      [planted("cli/up.ts", 'await import("../lib/stack.ts");')],
      [planted("bin/shadowgraph.ts", 'import "../local/up.ts";')],
      [planted("bin/app.ts", 'import { run } from "../cli/main.ts";')],
      [planted("lib/api.ts", 'import { Name } from "../core/sampling/environment.ts";')],
      [planted("lib/api.ts", 'import { parseTeeEnv } from "../proxy/env.ts";')],
      [planted("lib/config/schema.ts", 'import { refuse } from "../faults.ts";')],
      [planted("helpers/shadow.mjs", 'import { isWrite } from "../core/sampling/plan.ts";')],
      [planted("web/src/api.ts", 'import type { Run } from "../../lambdas/api/shapes.ts";')],
      [planted("web/build.ts", 'import { number } from "../core/report/text.ts";')],
      [planted("local/dashboard.ts", 'import { parseConfig } from "../web/src/config.ts";')],
    ],
  ],
  [
    "core imports only pure packages; only lib and bin/app.ts know of CDK",
    packages,
    [
      [planted("core/diff/json.ts", 'import { readFile } from "node:fs/promises";')],
      [planted("core/diff/json.ts", 'import { request } from "undici";')],
      [planted("core/diff/json.ts", 'const fs = require("node:fs");')],
      [planted("lib/api.ts", 'import * as z from "zod";')],
      [planted("lib/config/schema.ts", 'import { Duration } from "aws-cdk-lib/core";')],
      [planted("local/up.ts", 'import { App } from "aws-cdk-lib/core";')],
      [planted("helpers/express.mjs", 'import express from "express";')],
    ],
  ],
  [
    "stages inside core import leftwards only",
    stages,
    [
      [planted("core/capture/capture.ts", 'import type { Pair } from "../pair/pair.ts";')],
      [planted("core/errors.ts", 'import type { Pair } from "./pair/pair.ts";')],
      [planted("core/errors.ts", 'import { codes } from "./codes.ts";')],
    ],
  ],
  [
    "what the dashboard loads of core imports no package",
    browserCore,
    [
      [
        planted("web/src/main.tsx", 'import { a } from "../../core/report/a.ts";'),
        planted("core/report/a.ts", 'import { b } from "../verdict/b.ts";'),
        planted("core/verdict/b.ts", 'import * as z from "zod";'),
      ],
    ],
  ],
  ["core holds the stages and nothing else", knownStages, [[planted("core/extra/thing.ts", "")]]],
  [
    "no import cycles",
    noCycles,
    [
      [
        planted("proxy/a.ts", 'import { b } from "./b.ts";'),
        planted("proxy/b.ts", 'import { c } from "./c.ts";'),
        planted("proxy/c.ts", 'import type { a } from "./a.ts";'),
      ],
    ],
  ],
  [`a source file has at most ${MAX_LINES} lines`, lengths, [[planted("proxy/tee.ts", long)]]],
  [
    "no file or folder is a grab-bag",
    names,
    [[planted("proxy/utils.ts", "")], [planted("lambdas/services/a.ts", "")], [planted("core/diff/common.ts", "")]],
  ],
  [
    "jsondiffpatch's format stays in one file",
    jsondiffpatch,
    [
      [
        planted("core/diff/a.ts", 'import { diff } from "jsondiffpatch";'),
        planted("core/diff/b.ts", 'import "jsondiffpatch";'),
      ],
      [planted("proxy/a.ts", 'import { diff } from "jsondiffpatch";')],
      [],
    ],
  ],
  [
    "llhttp's pointers stay in one file",
    llhttp,
    [
      [
        planted("proxy/a.ts", 'require("undici/lib/llhttp/llhttp-wasm.js");'),
        planted("proxy/b.ts", 'import x from "undici/lib/llhttp/constants.js";'),
      ],
      [],
    ],
  ],
  [
    "what runs on AWS does not ask whether it runs locally",
    noLocalChecks,
    [
      [planted("proxy/main.ts", "if (local) listen();")],
      [planted("adapters/queue.ts", "const url = env.isLocal ? a : b;")],
      [planted("lambdas/api/app.ts", "if (!config.embedded && ready) sign();")],
      [planted("lambdas/api/app.ts", 'const debug = process.env.NODE_ENV === "test";')],
    ],
  ],
  [
    "core has no clock, no chance, no I/O",
    pure,
    [
      [planted("core/pair/a.ts", "const at = Date.now();")],
      [planted("core/pair/a.ts", "const at = new Date();")],
      [planted("core/pair/a.ts", "const share = Math.random();")],
      [planted("core/pair/a.ts", 'import { randomUUID } from "node:crypto";')],
      [planted("core/pair/a.ts", "const { HOME } = process.env;")],
      [planted("core/pair/a.ts", 'await fetch("http://localhost");')],
      [planted("core/pair/a.ts", 'fs.readFileSync("x");')],
      [planted("core/pair/a.ts", "setTimeout(flush, 10);")],
      [planted("core/pair/a.ts", 'console.log("x");')],
    ],
  ],
  [
    "TypeScript that can be erased: no enum, namespace or parameter property",
    erasable,
    [
      [planted("core/pair/a.ts", "export enum Lane { Primary }")],
      [planted("core/pair/a.ts", "export const enum Lane { Primary }")],
      [planted("core/pair/a.ts", "namespace Lanes { export const a = 1; }")],
      [planted("core/pair/a.ts", "class A { constructor(private readonly lane: string) {} }")],
      [planted("core/pair/a.ts", "class A {\n  constructor(\n    a: number,\n    readonly lane: string,\n  ) {}\n}")],
    ],
  ],
];

describe.each(RULES)("%s", (_name, rule, breaking) => {
  test("holds", () => expect(rule(readTree())).toEqual([]));

  test.each(breaking.map((sources) => [sources.map(titleOf).join(" + ") || "nothing at all", sources]))(
    "fails on %s",
    (_text, sources) => expect(rule(sources as readonly Source[])).not.toEqual([]),
  );
});

test("text that only looks like a fault is none", () => {
  const innocent = planted(
    "core/diff/words.ts",
    [
      "// Date.now() and fetch(url) are named in a comment; so is import { x } from '../verdict/x.ts'",
      'export const text = "process.env, Math.random()";',
      "export const quote = /[\"']/;",
      'export const url = "http://localhost"; // a local one',
      "export const local = 1;",
      "declare namespace WebAssembly { interface Memory {} }",
      "export class Row { constructor(row: { readonly name: string }) { this.row = row; } row: object; }",
    ].join("\n"),
  );
  for (const rule of [directions, packages, stages, pure, noLocalChecks, erasable])
    expect(rule([innocent])).toEqual([]);
});

test("the scan sees every form of import", () => {
  const text = [
    'import a from "./a.ts";',
    'import type { B } from "./b.ts";',
    'import {\n  c,\n  type C,\n} from "./c.ts";',
    'export { d } from "./d.ts";',
    'import "./e.ts";',
    'const f = await import("./f.ts");',
    'import * as z from "zod";',
  ].join("\n");
  expect(importsOf(planted("proxy/x.ts", text)).map(({ to, how }) => `${to} ${how}`)).toEqual([
    "proxy/a.ts static",
    "proxy/b.ts type",
    "proxy/c.ts static",
    "proxy/d.ts static",
    "proxy/e.ts static",
    "zod static",
    "proxy/f.ts dynamic",
  ]);
});
