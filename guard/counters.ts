import { REFUSALS, type Refusal } from "./refusals.ts";

/** How a call was answered. */
export const ANSWERED = ["passed", "stub", "recorded", "refused"] as const;
export type Answered = (typeof ANSWERED)[number];

const zeros = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;

/** Under what refusals are counted that belong to no collaborator. */
export const NOBODY = "";

/** What happened to the calls of one collaborator. Numbers that only grow. */
export class CallCounts {
  readonly answered = zeros(ANSWERED);
  readonly refused = zeros(Object.keys(REFUSALS) as Refusal[]);
  /** Answers of the collaborator that began and did not end. */
  cut = 0;
  /** Calls of the baseline that were heard. */
  observed = 0;

  refuse(because: Refusal): void {
    this.answered.refused++;
    this.refused[because]++;
  }
}

/** By collaborator. */
export class GuardCounts {
  readonly #by = new Map<string, CallCounts>();
  droppedConnections = 0;
  malformed = 0;
  /** Of the guard itself; the baseline's calls pass on. */
  faults = 0;

  of(collaborator: string | undefined): CallCounts {
    const name = collaborator ?? NOBODY;
    let counts = this.#by.get(name);
    if (counts === undefined) this.#by.set(name, (counts = new CallCounts()));
    return counts;
  }

  all(): readonly (readonly [collaborator: string, CallCounts])[] {
    return [...this.#by];
  }
}
