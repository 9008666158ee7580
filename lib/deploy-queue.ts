import { WorkQueue } from "./work-queue.ts";

/** Wakes the program that deploys and releases. Its own, since its reader holds rights on ECS that no other program may have. */
export class DeployQueue extends WorkQueue {}
