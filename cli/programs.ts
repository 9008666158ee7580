import type { LocalOptions, LocalSystem } from "../local/system.ts";

/** What serves a machine is loaded only by the command that needs it. */
export interface Programs {
  local(): Promise<{ startLocal(options: LocalOptions): Promise<LocalSystem> }>;
  /** Runs the tee of this process's environment; it ends the process itself. */
  tee(): Promise<unknown>;
}

export const PROGRAMS: Programs = {
  local: () => import("../local/system.ts"),
  tee: () => import("../proxy/main.ts"),
};
