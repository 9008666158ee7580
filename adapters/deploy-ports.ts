import type { Deployment } from "../core/deploy/deployment.ts";
import type { Release } from "../core/release/release.ts";

/** What is deployed, by overlay. */
export interface Deployments {
  of(env: string): Promise<Deployment | undefined>;
  all(): Promise<readonly Deployment[]>;
  /** False: the stored one is not at `step` - 1 any more. */
  put(deployment: Deployment): Promise<boolean>;
  delete(env: string): Promise<void>;
}

/** Releases with what they rested on; never removed. */
export interface Releases {
  latest(env: string): Promise<Release | undefined>;
  /** In the order in which they began. */
  all(env: string): Promise<readonly Release[]>;
  /** Overlays, by id, with a release that has not ended, or that ended without anybody noting it here. */
  open(): Promise<readonly string[]>;
  close(env: string): Promise<void>;
  /** False: the stored one is not at `step` - 1 any more. */
  put(release: Release): Promise<boolean>;
}

/** Wakes the program that deploys and releases. */
export interface DeployQueue {
  /** After so many seconds. Asked twice, or not at all, it does no harm: a schedule looks as well. */
  ask(message: { readonly deploy: string } | { readonly release: string }, delaySeconds?: number): Promise<void>;
}
