import { useEffect, useState } from "preact/hooks";

/** Whether the system is dark now: canvases must be painted anew when it turns. */
export const useScheme = (): boolean => {
  const [isDark, set] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const changed = () => set(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return isDark;
};
