import { useState } from "preact/hooks";
import { curlOf } from "../../../core/report/curl.ts";
import { number, time, visible } from "../../../core/report/text.ts";
import type { Finding, Lanes } from "../../api-shapes.js";
import { readLossless } from "../answers/json-rows.ts";
import { JsonView } from "../answers/json-view.tsx";
import { LaneCells, LaneGrid, LaneHead, LaneRow } from "../answers/lane-grid.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Empty } from "./states.tsx";

type Example = Finding["examples"][number];

interface ExamplesProps {
  readonly examples: readonly Example[];
  readonly lanes: readonly Lanes[];
}

/** What each lane had at the place, beside the request that asks the same again. */
export const Examples = ({ examples, lanes }: ExamplesProps) => {
  const [index, setIndex] = useState(0);
  const example = examples[Math.min(index, examples.length - 1)];
  if (example === undefined) return <Empty title="No examples are kept" />;
  const { command, hints } = curlOf(example, lanes);
  return (
    <section class="card examples" aria-label="Examples">
      <div class="examples-head">
        <h3>
          Example {number(index + 1)} of {number(examples.length)}
        </h3>
        <span class="soft">
          {time(example.at)}, {visible(example.pair)}
        </span>
        {examples.length > 1 && (
          <div class="pager">
            <button type="button" disabled={index === 0} onClick={() => setIndex(index - 1)}>
              ‹ previous
            </button>
            <button type="button" disabled={index >= examples.length - 1} onClick={() => setIndex(index + 1)}>
              next ›
            </button>
          </div>
        )}
      </div>
      <Values example={example} />
      <div class="curl">
        <pre>
          {hints.map((hint) => `# ${visible(hint)}\n`).join("")}
          {visible(command)}
        </pre>
        <CopyButton text={command} what="the request as curl" />
      </div>
    </section>
  );
};

const Values = ({ example: { primary, candidate, secondary } }: { readonly example: Example }) => {
  const texts = [primary, candidate, ...(secondary === undefined ? [] : [secondary])];
  const values = texts.map(containerOf);
  if (values.every((one) => one !== undefined))
    return <JsonView key={texts.join("\0")} values={values.map((one) => one.value)} place="" />;
  return (
    <LaneGrid lanes={texts.length} label="Values at the place">
      <LaneHead lanes={texts.length} first="" />
      <LaneRow name="value">
        <LaneCells texts={texts} />
      </LaneRow>
    </LaneGrid>
  );
};

/** An object or a list; a clipped one is text. */
const containerOf = (text: string): { readonly value: unknown } | undefined =>
  /^\s*[[{]/.test(text) ? readLossless(text) : undefined;
