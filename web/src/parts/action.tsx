import { useState } from "preact/hooks";
import { ApiFault } from "../api.ts";
import { useStore } from "../live.ts";
import { announce } from "./announcer.tsx";

export interface Action {
  readonly isRunning: boolean;
  readonly fault: ApiFault | undefined;
  /** Resolves true once it is done. */
  readonly run: () => Promise<boolean>;
}

/** Something that changes the system: it runs once, says what it did, and all that is shown is asked for anew. */
export const useAction = (act: () => Promise<unknown>, done: string): Action => {
  const store = useStore();
  const [isRunning, setRunning] = useState(false);
  const [fault, setFault] = useState<ApiFault>();
  const run = async () => {
    if (isRunning) return false;
    setRunning(true);
    setFault(undefined);
    try {
      await act();
      announce(done);
      store.refresh();
      return true;
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      setFault(error);
      return false;
    } finally {
      setRunning(false);
    }
  };
  return { isRunning, fault, run };
};
