import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { GLOSSARY, type Word } from "../glossary.ts";

const TOOLTIP_ID = "tooltip";
const GAP_PX = 6;
const EDGE_PX = 8;

interface TermProps {
  readonly word: Word;
  /** What is shown where that is not the word itself. */
  readonly children?: ComponentChildren;
}

/** A word that says what it means to whoever points at it, comes to it by keyboard, or taps it. */
export const Term = ({ word, children = word }: TermProps) => (
  <button type="button" class="term" {...definedBy(word)}>
    {children}
  </button>
);

/** For what has a role of its own, such as the button that sorts a column. */
export const definedBy = (word: Word) => ({ "data-term": word, "aria-description": GLOSSARY[word] });

/** The one tooltip of the page. */
export const Tooltip = () => {
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (event: Event) => {
      const term = (event.target as Element).closest?.("[data-term]");
      if (!(term instanceof HTMLElement)) return hide();
      open(tip.current!, term, GLOSSARY[term.dataset.term as Word]);
    };
    const hide = () => tip.current?.hidePopover();
    const escaped = (event: KeyboardEvent) => event.key === "Escape" && hide();
    const heard = [
      ["pointerover", show],
      ["focusin", show],
      ["focusout", hide],
      ["scroll", hide],
      ["click", show],
      ["keydown", escaped as (event: Event) => void],
    ] as const;
    for (const [name, listener] of heard) document.addEventListener(name, listener, { passive: true });
    return () => {
      for (const [name, listener] of heard) document.removeEventListener(name, listener);
    };
  }, []);
  // Who cannot see it has the same words by aria-description.
  return <div ref={tip} id={TOOLTIP_ID} class="tooltip" popover="manual" aria-hidden="true" />;
};

const open = (tip: HTMLElement, term: HTMLElement, text: string): void => {
  tip.textContent = text;
  tip.showPopover();
  const at = term.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(Math.max(EDGE_PX, at.left), innerWidth - width - EDGE_PX);
  const isRoomBelow = at.bottom + GAP_PX + height < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${isRoomBelow ? at.bottom + GAP_PX : at.top - GAP_PX - height}px`;
};
