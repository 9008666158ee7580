import { ASSUMED } from "./assumptions.ts";
import type { Traffic } from "./traffic.ts";

/**
 * CPU of a tee's process a mirrored request, microseconds. `equal` and `unequal` are of docs/performance.md (800-byte JSON, medians): 47.0 at
 * 10 % diverging and 91.3 at 100 % lie on a line that meets 0 % at 42.1. The others are of one sitting of `npm run bench -- tee --scenario
 * reference,secondary,16k` on a machine with other work: 57.3, 65.3 and 252.0. A secondary adds 8; 15.2 KiB more add 194.7, of which
 * 96 are for the tenth that differs, at what the first 800 bytes of it cost, and the rest is 6.5 a KiB.
 */
const TEE_MICROS = { equal: 42.1, unequal: 91.3, bodyBytes: 800, perKiB: 6.5, secondary: 8 } as const;

const KIB = 1_024;

/** Of a mirrored request. Bodies that differ are read, redacted and kept: for them a KiB costs as much more as the 800 bytes do. */
export const teeMicrosOf = ({ divergence, bodyBytes, hasSecondary }: Traffic): number => {
  const { equal, unequal, perKiB, secondary } = TEE_MICROS;
  const moreKiB = (bodyBytes - TEE_MICROS.bodyBytes) / KIB;
  const perUnequalKiB = (unequal - equal) / (TEE_MICROS.bodyBytes / KIB);
  const ofBodies = moreKiB * (perKiB + divergence * perUnequalKiB);
  return Math.max(equal / 2, equal + divergence * (unequal - equal) + ofBodies + (hasSecondary ? secondary : 0));
};

/** vCPU and GB of a task, as Fargate sells them. */
const SIZES = [
  { vcpu: 0.25, gb: 0.5 },
  { vcpu: 0.5, gb: 1 },
  { vcpu: 1, gb: 2 },
] as const;

export interface Fleet {
  readonly tasks: number;
  readonly vcpu: number;
  readonly gb: number;
}

export const fleetOf = (rps: number, micros: number): Fleet => {
  const needed = (rps * micros) / 1e6 / ASSUMED.utilisation;
  const size = SIZES.find(({ vcpu }) => needed <= ASSUMED.leastTasks * vcpu) ?? SIZES[2];
  return { tasks: Math.max(ASSUMED.leastTasks, Math.ceil(needed / size.vcpu)), ...size };
};
