import { App } from "aws-cdk-lib/core";
import { PRESET_NAMES } from "./config/presets.ts";
import type { ShadowgraphConfig } from "./config/schema.ts";
import type { Resources } from "./promises.ts";
import { addStacks } from "./shadowgraph-app.ts";

type PresetName = (typeof PRESET_NAMES)[number];
type ByPreset<T> = Readonly<Record<PresetName, T>>;

/** A property of which not all presets have the same value. */
interface Difference {
  /** So many resources have these values. */
  readonly times: number;
  /** Of the resources, such as `AWS::ECS::TaskDefinition`. */
  readonly type: string;
  /** As a path: `Environment.Variables.FACT_SHARDS`. */
  readonly property: string;
  /** As the template holds it; undefined where the resource or the property is not there. */
  readonly values: ByPreset<unknown>;
}

export interface Comparison {
  readonly baseline: string;
  /** So many resources the stack has. */
  readonly resources: ByPreset<number>;
  readonly differences: readonly Difference[];
}

interface ComparePresetsProps {
  readonly config: ShadowgraphConfig;
  /** One of the file; its own preset is put aside. */
  readonly baseline: string;
  /** Feature flags, as cdk.json has them. */
  readonly context: Readonly<Record<string, unknown>>;
  /** A folder for what the synth writes. */
  readonly outdir: string;
}

/** What the stack of one baseline is under each preset, as far as it is not the same. Without checks and bundling, which take seconds and say nothing of it. */
export const comparePresets = (props: ComparePresetsProps): Comparison => {
  const templates = byPreset((preset) => resourcesOf(preset, props));
  return {
    baseline: props.baseline,
    resources: byPreset((preset) => Object.keys(templates[preset]).length),
    differences: differencesOf(templates),
  };
};

/** By type and property. */
export const differencesOf = (templates: ByPreset<Resources>): readonly Difference[] => {
  const ids = [...new Set(Object.values(templates).flatMap(Object.keys))];
  const differing = ids.flatMap((id) => {
    const leaves = byPreset((preset) => new Map(leavesOf(templates[preset][id]?.Properties, "")));
    const type = Object.values(templates).flatMap((resources) => resources[id]?.Type ?? [])[0]!;
    const properties = new Set(Object.values(leaves).flatMap((map) => [...map.keys()]));
    return [...properties]
      .map((property) => ({ type, property, values: byPreset((preset) => leaves[preset].get(property)) }))
      .filter(({ values }) => new Set(Object.values(values).map((value) => JSON.stringify(value))).size > 1);
  });
  return [...Map.groupBy(differing, (one) => JSON.stringify(one)).values()]
    .map((all) => ({ times: all.length, ...all[0]! }))
    .sort((a, b) => (a.type + a.property < b.type + b.property ? -1 : 1));
};

const byPreset = <T>(of: (preset: PresetName) => T): ByPreset<T> =>
  Object.fromEntries(PRESET_NAMES.map((preset) => [preset, of(preset)])) as ByPreset<T>;

const resourcesOf = (preset: PresetName, { config, baseline, context, outdir }: ComparePresetsProps): Resources => {
  const app = new App({
    outdir: `${outdir}/${preset}`,
    builtinCloudFormationValidation: false,
    context: { ...context, "aws:cdk:bundling-stacks": [] },
  });
  const [stack] = addStacks(app, { ...config, baselines: { [baseline]: { ...config.baselines[baseline]!, preset } } });
  return (app.synth().getStackByName(stack!.stackName).template as { readonly Resources: Resources }).Resources;
};

type Leaf = readonly [property: string, value: unknown];

/** What is not an object any more, by its path; a function of CloudFormation is one value. */
const leavesOf = (value: unknown, path: string): readonly Leaf[] => {
  if (Array.isArray(value))
    return value.flatMap((item, index) => leavesOf(item, `${path}[${nameOf(item) ?? String(index)}]`));
  if (typeof value !== "object" || value === null) return [[path, value]];
  const fields = Object.entries(value);
  if (fields.length === 1 && /^(Ref|Fn::)/.test(fields[0]![0])) return [[path, value]];
  return fields.flatMap(([name, field]) => leavesOf(field, path === "" ? name : `${path}.${name}`));
};

/** Of an entry of a list. */
const nameOf = (item: unknown): string | undefined => {
  const { Name, Id, Key } = (item ?? {}) as Readonly<Record<string, unknown>>;
  return [Name, Id, Key].find((name) => typeof name === "string");
};
