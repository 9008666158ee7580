import { type Load, REFERENCE } from "./load.ts";
import {
  directly,
  directlyAgain,
  floor,
  nginxMirror,
  nginxPlain,
  type Subject,
  tee,
  teeMirrorOff,
} from "./subjects.ts";

/** A load, what stands around the subjects, and who is measured under it. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly load: Load;
  readonly hasSecondary: boolean;
  /** Primary and candidate speak TLS. */
  readonly isSecure: boolean;
  /** Of the requests asked for: where each one is so large that fewer will do. */
  readonly requestsShare: number;
  /** CPU of the tee, as a multiple of nginx's mirror; without it the figure is stated, not judged. */
  readonly budget: number | undefined;
  readonly subjects: readonly Subject[];
}

const BASE: Scenario = {
  name: "reference",
  title: "the reference load",
  load: REFERENCE,
  hasSecondary: false,
  isSecure: false,
  requestsShare: 1,
  budget: undefined,
  subjects: [nginxPlain, nginxMirror, tee],
};

export const SCENARIOS: readonly Scenario[] = [
  { ...BASE, budget: 0.6, subjects: [floor, nginxPlain, nginxMirror, tee] },
  { ...BASE, name: "unequal", title: "every body unequal", load: { ...REFERENCE, divergingShare: 1 }, budget: 0.9 },
  { ...BASE, name: "secondary", title: "with the secondary", hasSecondary: true },
  { ...BASE, name: "16k", title: "answers of 16 KiB", load: { ...REFERENCE, answerBytes: 16_384 } },
  {
    ...BASE,
    name: "1m",
    title: "answers of 1 MiB",
    load: { ...REFERENCE, answerBytes: 1_048_576, connections: 8, ids: 20 },
    requestsShare: 0.02,
  },
  { ...BASE, name: "posts", title: "POSTs of 10 KiB", load: { ...REFERENCE, requestBytes: 10_240 } },
  {
    ...BASE,
    name: "connections",
    title: "a new connection for each request",
    load: { ...REFERENCE, reconnects: true },
    requestsShare: 0.5,
  },
  { ...BASE, name: "tls", title: "TLS to the upstreams", isSecure: true },
];

export const LATENCY: Scenario = {
  ...BASE,
  name: "latency",
  subjects: [directly, directlyAgain, nginxPlain, nginxMirror, teeMirrorOff, tee],
};

export const SOAK: Scenario = { ...BASE, name: "soak", subjects: [tee] };
