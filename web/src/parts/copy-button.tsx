import { useEffect, useState } from "preact/hooks";
import { announce } from "./announcer.tsx";

const SAID_MS = 2_000;

interface CopyProps {
  readonly text: string;
  /** For those who hear it. */
  readonly what: string;
}

export const CopyButton = ({ text, what }: CopyProps) => {
  const [said, say] = useState<"copied" | "not copied: select it by hand">();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => say(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    say(isCopied ? "copied" : "not copied: select it by hand");
    announce(isCopied ? `${what} is copied` : `${what} is not copied`);
  };
  return (
    <button type="button" class="button small" aria-label={`Copy ${what}`} onClick={copy}>
      {said ?? "copy"}
    </button>
  );
};
