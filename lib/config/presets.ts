/** What a preset sets; each can be set by itself beside it. */
export interface Preset {
  /** Tasks of each fleet. */
  readonly tasks: { readonly min: number; readonly max: number };
  /** CPU units and memory of a task: a vCPU is 1024. */
  readonly cpu: number;
  readonly memoryMiB: number;
  /** Batches of segments compared at the same time. */
  readonly diffConcurrency: number;
  /** Partitions that the facts of a minute are spread over. */
  readonly factShards: number;
  readonly factsDays: number;
  readonly archiveDays: number;
  /** Requests a second that the API takes. */
  readonly apiRequestsPerSecond: number;
}

export const PRESETS = {
  small: {
    tasks: { min: 2, max: 4 },
    cpu: 512,
    memoryMiB: 1024,
    diffConcurrency: 5,
    factShards: 4,
    factsDays: 7,
    archiveDays: 14,
    apiRequestsPerSecond: 20,
  },
  medium: {
    tasks: { min: 2, max: 12 },
    cpu: 1024,
    memoryMiB: 2048,
    diffConcurrency: 20,
    factShards: 4,
    factsDays: 14,
    archiveDays: 30,
    apiRequestsPerSecond: 50,
  },
  large: {
    tasks: { min: 6, max: 100 },
    cpu: 2048,
    memoryMiB: 4096,
    diffConcurrency: 200,
    factShards: 64,
    factsDays: 14,
    archiveDays: 30,
    apiRequestsPerSecond: 200,
  },
} as const satisfies Record<string, Preset>;

export const PRESET_NAMES = Object.keys(PRESETS) as (keyof typeof PRESETS)[];
