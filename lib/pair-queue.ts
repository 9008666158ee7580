import { WorkQueue } from "./work-queue.ts";

/** Segments on their way from the tees to diff-pairs. */
export class PairQueue extends WorkQueue {}
