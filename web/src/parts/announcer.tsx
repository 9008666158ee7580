import { useEffect, useRef } from "preact/hooks";

const REGION_ID = "announcer";

/** What changes by itself is said to those who cannot see it: politely, and never the first time. */
export const Announcer = () => <div id={REGION_ID} class="hidden" role="status" aria-live="polite" />;

export const useAnnounced = (text: string | undefined): void => {
  const before = useRef(text);
  useEffect(() => {
    const isFirst = before.current === undefined;
    const isNew = text !== undefined && text !== before.current;
    before.current = text;
    if (isNew && !isFirst) announce(text);
  }, [text]);
};

export const announce = (text: string): void => {
  const region = document.getElementById(REGION_ID);
  if (region !== null) region.textContent = text;
};
