import { WorkQueue } from "./work-queue.ts";

/** Wakes judge: delayed messages, one per minute of facts and second of arrival. */
export class JudgeQueue extends WorkQueue {}
