import type { Services } from "../examples/json-server/services.ts";
import type { LoadOptions, LoadReport, LoadRequest } from "../examples/load.ts";
import type { LocalOptions, LocalSystem } from "../local/system.ts";

/** The two services of the demo and the traffic that they get. */
export interface Demo {
  startServices(): Promise<Services>;
  portOrFree(wanted: number): Promise<number>;
  shopTraffic(seed: number): Iterator<LoadRequest, never>;
  sendLoad(stream: Iterator<LoadRequest, never>, options: LoadOptions): Promise<LoadReport>;
}

/** What serves a machine is loaded only by the command that needs it. */
export interface Programs {
  local(): Promise<{ startLocal(options: LocalOptions): Promise<LocalSystem> }>;
  /** Runs the tee of this process's environment; it ends the process itself. */
  tee(): Promise<unknown>;
  /** Runs the guard of this process's environment, with these variables in it; it ends the process itself. */
  guard(variables: Readonly<Record<string, string>>): Promise<unknown>;
  demo(): Promise<Demo>;
}

export const PROGRAMS: Programs = {
  local: () => import("../local/system.ts"),
  tee: () => import("../proxy/main.ts"),
  guard: (variables) => {
    Object.assign(process.env, variables);
    return import("../guard/main.ts");
  },
  demo: () => import("../examples/json-server/demo.ts"),
};
