import type { ICluster } from "aws-cdk-lib/aws-ecs";
import { CfnOutput } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Watch } from "./alarms/alarm.ts";
import { AttachedEntry, type AttachedEntryProps } from "./attached-entry.ts";
import type { Entry } from "./entry.ts";
import { refuse } from "./faults.ts";
import type { MarkKey } from "./mark-key.ts";
import type { Place } from "./network.ts";
import { StandaloneEntry, type StandaloneEntryProps } from "./standalone-entry.ts";
import type { Storage } from "./storage.ts";
import type { TeeAccess } from "./tee-access.ts";
import { TeeFleet, type TeeFleetProps } from "./tee-fleet.ts";
import { TeeGate, type TeeGateProps } from "./tee-gate.ts";
import type { TeeImage } from "./tee-image.ts";

/** What differs from service to service. Exactly one of `attached` and `standalone` is given. */
export interface ServiceSettings
  extends Pick<
    TeeFleetProps,
    "cpu" | "memoryMiB" | "minTasks" | "maxTasks" | "requestsPerTask" | "cpuPercent" | "drainSeconds"
  > {
  /** Where the service answers: never the listener that sends requests to the tees. */
  readonly url: string;
  readonly attached?: Omit<AttachedEntryProps, "primaryUrl">;
  readonly standalone?: Omit<StandaloneEntryProps, "place" | "fleet" | "isProtected">;
  /** @default 10 */
  readonly percent?: number;
  readonly killSwitch?: TeeGateProps["killSwitch"];
}

export interface ServiceTeesProps {
  readonly baseline: string;
  readonly service: string;
  readonly settings: ServiceSettings;
  readonly storage: Storage;
  readonly access: TeeAccess;
  readonly image: TeeImage;
  readonly markKey: MarkKey;
  readonly watch: Watch;
  readonly place: Place;
  readonly cluster: ICluster;
  /** Whether a load balancer of our own is protected against deletion. */
  readonly isProtected: boolean;
}

/** The tees before one service, the way by which callers come to them, and what closes it. */
export class ServiceTees extends Construct {
  readonly fleet: TeeFleet;
  /** Nothing where there is no way past the tees. */
  readonly gate: TeeGate | undefined;

  constructor(scope: Construct, id: string, props: ServiceTeesProps) {
    super(scope, id);
    const { settings, place, isProtected, ...common } = props;
    const { url, attached, standalone, percent, killSwitch, ...size } = settings;
    refuse(id, [
      (attached === undefined) === (standalone === undefined)
        ? `exactly one of attached and standalone must be given; got ${attached === undefined ? "none" : "both"}`
        : undefined,
    ]);
    this.fleet = new TeeFleet(this, "Fleet", { ...common, ...size, place, primaryUrl: url });
    const entry = attached === undefined ? this.#stand(props) : this.#attach(attached, url);
    if (entry === undefined) return;
    this.gate = new TeeGate(this, "Gate", {
      ...common,
      fleet: this.fleet,
      entry,
      ...(percent === undefined ? {} : { percent }),
      ...(killSwitch === undefined ? {} : { killSwitch }),
    });
  }

  #attach(attached: Omit<AttachedEntryProps, "primaryUrl">, primaryUrl: string): Entry {
    const entry = new AttachedEntry(this, "Entry", { ...attached, primaryUrl });
    this.fleet.admit(entry.securityGroup);
    return entry;
  }

  #stand({ settings, place, service, isProtected }: ServiceTeesProps): Entry | undefined {
    const given = settings.standalone!;
    const { loadBalancer, entry, listener } = new StandaloneEntry(this, "Entry", {
      ...given,
      place,
      fleet: this.fleet,
      isProtected,
    });
    if (entry === undefined) this.fleet.startAfter(listener);
    new CfnOutput(this, "Address", {
      description: `Where callers of ${service} go`,
      value: loadBalancer.loadBalancerDnsName,
    });
    return entry;
  }
}
