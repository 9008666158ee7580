import type { ForkOptions } from "node:child_process";
import type { FaultName } from "./faults.ts";
import type { GateState } from "./gate.ts";
import { hangNames } from "./names.ts";
import type { Scene, Subject } from "./scene.ts";
import { BENCH_FAULTS } from "./target.ts";

/** One fault: how it begins and ends, and what tells that all is as before. */
export interface Row {
  readonly where: string;
  readonly fault: string;
  /** A peer in place of the tee. */
  readonly isNginx?: true;
  /** How the tee has to be started for the fault to be possible. @throws where it is not possible here */
  readonly prepare?: (scene: Scene) => Promise<{ readonly how: ForkOptions; readonly close: () => void }>;
  readonly begin: (scene: Scene) => Promise<unknown>;
  readonly end: (scene: Scene) => Promise<unknown>;
  /** Grows while all is well. */
  readonly progress: (scene: Scene, on: Subject) => Promise<number>;
}

type Lane = "candidate" | "secondary";
const toTarget = async ({ tell }: Scene): Promise<number> => (await tell({ tell: "nothing" })).answered;
const compared = async (_: Scene, { counts }: Subject): Promise<number> => (await counts?.())?.compared ?? 0;

/** The tee's plan with one lane at the target that may be at fault. */
export const planFor = (scene: Scene, lane: Lane, url = scene.faultyUrl, inOrder = false) =>
  scene.plan({ candidate: scene.healthyUrl, secondary: scene.healthyUrl, [lane]: url, inOrder });

const ofTarget = (lane: Lane, name: FaultName): Row => {
  const fault = BENCH_FAULTS[name];
  return {
    where: lane,
    fault: name,
    async begin(scene) {
      await scene.tell({ tell: "fault", name });
      await planFor(scene, lane, fault.kind === "address" ? fault.url(scene.targetPort) : undefined);
    },
    async end(scene) {
      await scene.tell({ tell: "heal" });
      await planFor(scene, lane);
    },
    progress: toTarget,
  };
};

/** Behind each mirror that hangs wait all others: `orderBy` with one key for all requests. */
const inOrder = (name: FaultName | undefined): Row => ({
  where: "candidate in order",
  fault: name ?? "healthy",
  async begin(scene) {
    if (name !== undefined) await scene.tell({ tell: "fault", name });
    await planFor(scene, "candidate", undefined, true);
  },
  async end(scene) {
    await scene.tell({ tell: "heal" });
    await planFor(scene, "candidate");
  },
  progress: toTarget,
});

const ofGate = (gate: "queue" | "planStore", state: GateState): Row => ({
  where: gate === "queue" ? "queue" : "plan store",
  fault: state,
  begin: async (scene) => scene[gate].set(state),
  end: async (scene) => scene[gate].set("open"),
  progress: compared,
});

const nothing: Row = {
  where: "nothing",
  fault: "healthy candidate",
  begin: async () => {},
  end: async () => {},
  progress: compared,
};

const namesHang: Row = {
  where: "both lanes",
  fault: "their names hang",
  async prepare({ folder }) {
    const { execPath, execArgv, close } = await hangNames(folder);
    return { how: { execPath, execArgv: [...execArgv] }, close };
  },
  begin: (scene) => scene.plan({ candidate: "http://a.hangs.test", secondary: "http://b.hangs.test" }),
  end: (scene) => planFor(scene, "candidate"),
  progress: toTarget,
};

const ofNginx = (name: FaultName): Row => ({
  where: "nginx mirror",
  fault: name,
  isNginx: true,
  begin: (scene) => scene.tell({ tell: "fault", name }),
  end: (scene) => scene.tell({ tell: "heal" }),
  progress: toTarget,
});

const names = Object.keys(BENCH_FAULTS) as FaultName[];
const ROWS: readonly Row[] = [
  nothing,
  ...names.map((name) => ofTarget("candidate", name)),
  ...names.map((name) => ofTarget("secondary", name)),
  inOrder(undefined),
  inOrder("never answers"),
  namesHang,
  ofGate("queue", "down"),
  ofGate("queue", "hanging"),
  ofGate("queue", "slow"),
  ofGate("queue", "throttling"),
  ofGate("planStore", "down"),
  ofGate("planStore", "hanging"),
  ofGate("planStore", "slow"),
  ofNginx("answers late"),
  ofNginx("never answers"),
];

/** The rows whose name holds any of the words, which are divided by commas; all without words. @throws where there is none */
export const rowsNamed = (words: string): readonly Row[] => {
  const rows = ROWS.filter(({ where, fault }) => words.split(",").some((word) => `${where} ${fault}`.includes(word)));
  if (rows.length > 0) return rows;
  throw new Error(
    `no row is called ${words}; there are: ${ROWS.map(({ where, fault }) => `${where} ${fault}`).join(", ")}`,
  );
};
