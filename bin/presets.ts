// `npm run presets`: what small, medium and large make of the same baseline. `npm run presets -- --help` lists what can be asked.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { failureText } from "../cli/failure.ts";
import { paintOf } from "../cli/render/paint.ts";
import { table } from "../cli/render/table.ts";
import { readYamlFile } from "../cli/yaml-file.ts";
import { ShadowgraphError } from "../core/errors.ts";
import { type Comparison, comparePresets } from "../lib/compare-presets.ts";
import { PRESET_NAMES } from "../lib/config/presets.ts";
import { ShadowgraphConfig } from "../lib/config/schema.ts";

const USAGE = `usage: npm run presets -- [options]

What the presets small, medium and large make of the same baseline: every property of the template that is not the same under all
three. Synthesized on this machine: no credentials, no network.

  --config FILE      a shadowgraph.config.yaml; without it, a baseline with one service behind a load balancer that is there already
  --baseline NAME    of the file; its first unless given
  --json             everything as JSON
  --help             this text
`;

const OPTIONS = {
  config: { type: "string" },
  baseline: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const elb = (resource: string) => `arn:aws:elasticloadbalancing:eu-central-1:111122223333:${resource}`;
const EXAMPLE = ShadowgraphConfig.parse({
  network: {
    given: {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      availabilityZones: ["eu-central-1a", "eu-central-1b"],
      privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
    },
  },
  baselines: {
    shop: {
      services: {
        web: {
          url: "http://web.shop.local:8080",
          attached: {
            listenerArn: elb("listener/app/shop/50dc6c495c0c9188/0467ef3c8400ae65"),
            securityGroupId: "sg-0a1b2c3d4e5f60713",
            baselineTargetGroupArn: elb("targetgroup/shop-web/73e2d6bc24d8a067"),
            priority: 10,
          },
        },
      },
    },
  },
});

const readFile = (path: string) => readFileSync(path, "utf8");

/** @throws ShadowgraphError that says what is at fault, and what is allowed */
const asked = (args: readonly string[]) => {
  const { values } = readArgs(args);
  const config = values.config === undefined ? EXAMPLE : readYamlFile({ readFile }, values.config, ShadowgraphConfig);
  const names = Object.keys(config.baselines);
  const { baseline = names[0]! } = values;
  if (!names.includes(baseline))
    throw new ShadowgraphError("invalid-input", `--baseline must be one of ${names.join(", ")}; got "${baseline}"`);
  return { ...values, config, baseline };
};

const readArgs = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS });
  } catch (cause) {
    throw new ShadowgraphError("invalid-input", `${(cause as Error).message}; --help lists what there is`, { cause });
  }
};

const BEYOND_WORDS = 5;
const ABSENT = "–";

/** Texts are shown where they differ; the words around are the same under all presets. */
const shortened = (values: readonly unknown[]): readonly string[] => {
  const texts = values.map((value) =>
    value === undefined ? ABSENT : typeof value === "string" ? value : JSON.stringify(value),
  );
  const words = texts.map((text) => text.split(" "));
  if (words.every((one) => one.length <= BEYOND_WORDS)) return texts;
  const least = Math.min(...words.map((one) => one.length));
  const same = (at: (one: readonly string[]) => string | undefined) => new Set(words.map(at)).size === 1;
  let before = 0;
  while (before < least && same((one) => one[before])) before++;
  let after = 0;
  while (after < least - before && same((one) => one.at(-1 - after))) after++;
  return words.map((one) => `… ${one.slice(before, one.length - after).join(" ")} …`);
};

const render = ({ resources, differences }: Comparison): string => {
  const paint = paintOf({ isTerminal: process.stdout.isTTY, env: process.env });
  const columns = [
    { title: "resource" },
    { title: "property", maxWidth: 80 },
    ...PRESET_NAMES.map((title) => ({ title, align: "right" as const })),
  ];
  const rows = differences.map(({ type, property, times, values }) => [
    times === 1 ? type : `${times} × ${type}`,
    property,
    ...shortened(PRESET_NAMES.map((preset) => values[preset])),
  ]);
  const all = ["all resources", "their number", ...PRESET_NAMES.map((preset) => String(resources[preset]))];
  return table(columns, [all, ...rows], paint);
};

const run = (args: readonly string[]): string => {
  const { help, json, config, baseline } = asked(args);
  if (help) return USAGE;
  const { context } = JSON.parse(readFileSync(new URL("../cdk.json", import.meta.url), "utf8"));
  const outdir = mkdtempSync(join(tmpdir(), "shadowgraph-presets-"));
  try {
    const comparison = comparePresets({ config, baseline, context, outdir });
    return json ? `${JSON.stringify(comparison, null, 2)}\n` : render(comparison);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

try {
  process.stdout.write(run(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(failureText(error, false));
  process.exitCode = 2;
}
