import type { ComponentChildren } from "preact";
import { number, percent, plural } from "../../../core/report/text.ts";
import { CONTROL_WORDS } from "../../../core/report/words.ts";
import type { OverlayEnvironment, Verdict } from "../../api-shapes.js";
import type { Word } from "../glossary.ts";
import { Term } from "./term.tsx";

interface FiguresProps {
  readonly verdict: Verdict;
  readonly outcomes: OverlayEnvironment["outcomes"];
}

/** The figures behind the verdict, each with its unit or base. */
export const Figures = ({ verdict, outcomes: { sampled } }: FiguresProps) => {
  const { pairs, diverging, divergingBound, tolerance, findings, maskedShare, dropShare, control, endpoints } = verdict;
  const noise = endpoints.reduce((sum, one) => sum + one.noise, 0);
  const share = (part: number): string => (pairs === 0 ? "of none" : `${percent(part / pairs)} of them`);
  return (
    <dl class="card figures">
      <Figure word="pairs" value={number(pairs)}>
        compared, of {plural(sampled, "sampled request")}
      </Figure>
      <Figure word="diverging" value={number(diverging)}>
        pairs, {share(diverging)}
      </Figure>
      <Figure word="at most" value={percent(divergingBound)}>
        diverge, with 95 % confidence; <Term word="tolerance" /> {percent(tolerance)}
      </Figure>
      <Figure word="findings" value={number(findings.confirmed)}>
        confirmed of {number(findings.total)}, {plural(findings.groups, "cause")}
      </Figure>
      <Figure word="noise" value={number(noise)}>
        pairs, {share(noise)}
      </Figure>
      <Figure word="masked" value={percent(maskedShare)}>
        of the places cannot be judged
      </Figure>
      <Figure word="not compared" value={percent(dropShare)}>
        of the sampled requests
      </Figure>
      <Figure word="noise control" value={control}>
        {CONTROL_WORDS[control]}
      </Figure>
    </dl>
  );
};

interface FigureProps {
  readonly word: Word;
  readonly value: string;
  readonly children: ComponentChildren;
}

const Figure = ({ word, value, children }: FigureProps) => (
  <div>
    <dt>
      <Term word={word} />
    </dt>
    <dd data-figure={word}>
      {value}
      <small>{children}</small>
    </dd>
  </div>
);
