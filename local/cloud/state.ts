/** What ECS and Cloud Map of this machine know: plain data, so that it can be kept in a file. Nothing of it really runs. */
export interface CloudState {
  readonly clusters: Record<string, { readonly name: string }>;
  readonly taskDefinitions: Record<string, StoredTaskDefinition>;
  readonly services: Record<string, StoredService>;
  readonly namespaces: Record<string, { readonly id: string; readonly name: string }>;
  readonly registries: Record<string, StoredRegistry>;
  /** For revisions and ids; only ever grows. */
  readonly counters: Record<string, number>;
}

export interface StoredTaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  status: "ACTIVE" | "INACTIVE" | "DELETE_IN_PROGRESS";
  readonly input: Readonly<Record<string, unknown>>;
  readonly registeredAt: number;
}

export interface StoredService {
  readonly arn: string;
  readonly name: string;
  readonly cluster: string;
  readonly token: string | undefined;
  /** As it was asked for. */
  readonly input: Readonly<Record<string, unknown>>;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  desired: number;
  taskDefinition: string;
  configuration: Readonly<Record<string, unknown>>;
  /** When tasks were last asked for; milliseconds since 1970. */
  since: number;
  readonly createdAt: number;
  rollouts: StoredRollout[];
}

/** A service deployment, from one task definition to the next. */
export interface StoredRollout {
  readonly arn: string;
  readonly revision: string;
  readonly from: string;
  readonly to: string;
  readonly startedAt: number;
  stoppedAt?: number;
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface StoredRegistry {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly namespace: string;
  readonly creator: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly createdAt: number;
}

/** What becomes of tasks of an image. */
export type Fate = "runs" | "cannotPull" | "crashes" | "noCapacity";

export interface Cloud {
  readonly state: CloudState;
  /** Milliseconds since 1970. */
  now(): number;
  fateOf(image: string): Fate;
  /** Whether an alarm goes off when so many percent of the traffic reach the image. */
  alarmsFor(image: string): boolean;
  /** From asking for tasks to their running, from a stop to its end, and each step of a roll-out. */
  readonly stepMs: number;
  /** Of an answer that comes in pages. */
  readonly pageSize: number;
}

export const emptyState = (): CloudState => ({
  clusters: {},
  taskDefinitions: {},
  services: {},
  namespaces: {},
  registries: {},
  counters: {},
});

/** A refusal in the words of AWS. */
export class CloudFault extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type Input = Readonly<Record<string, unknown>>;
export type Action = (input: Input, cloud: Cloud) => unknown;

export const ACCOUNT = "000000000000";
export const REGION = "us-east-1";

export const textOf = (input: Input, field: string): string => {
  const value = input[field];
  if (typeof value === "string" && value !== "") return value;
  throw new CloudFault("InvalidParameterException", `${field} can not be blank.`);
};

export const nextNumber = ({ counters }: CloudState, of: string): number => {
  counters[of] = (counters[of] ?? 0) + 1;
  return counters[of];
};

/** A page, and where the next one begins. */
export const page = <T>(
  all: readonly T[],
  token: unknown,
  { pageSize }: Cloud,
): { readonly items: readonly T[]; readonly next: string | undefined } => {
  const from = Number(token ?? 0);
  const next = from + pageSize < all.length ? String(from + pageSize) : undefined;
  return { items: all.slice(from, from + pageSize), next };
};
