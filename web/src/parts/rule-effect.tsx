import { useEffect, useState } from "preact/hooks";
import { number, plural, visible } from "../../../core/report/text.ts";
import type { Rule, RulesPreview } from "../../api-shapes.js";
import { ApiFault } from "../api.ts";
import { useStore } from "../live.ts";
import { VerdictPill } from "./verdict-pill.tsx";

const TYPING_MS = 400;
const MAX_LISTED = 6;

/** What other rules would change; asked once the typing pauses. */
export const usePreview = (env: string, rules: readonly Rule[] | undefined) => {
  const { api } = useStore();
  const [preview, setPreview] = useState<RulesPreview>();
  const [fault, setFault] = useState<ApiFault>();
  const key = JSON.stringify(rules);
  useEffect(() => {
    setPreview(undefined);
    setFault(undefined);
    if (rules === undefined) return;
    let isOld = false;
    const timer = setTimeout(() => {
      api.call("POST /environments/{id}/rules/preview", { params: { id: env }, body: { rules } }).then(
        (found) => !isOld && setPreview(found),
        (error) => !isOld && error instanceof ApiFault && setFault(error),
      );
    }, TYPING_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [env, key, api]);
  return { preview, fault };
};

export const Effect = ({
  preview: { before, after, pairs, stored, goes, comes, stays },
}: {
  readonly preview: RulesPreview;
}) => (
  <>
    <p class="effect-verdicts">
      <VerdictPill verdict={before.verdict} /> <span aria-hidden="true">→</span>
      <span class="hidden">becomes</span> <VerdictPill verdict={after.verdict} />
    </p>
    <p>{visible(after.reason)}</p>
    <p>
      <b>{plural(goes.length, "finding")}</b> {goes.length === 1 ? "goes" : "go"}, <b>{number(comes.length)}</b>{" "}
      {comes.length === 1 ? "comes" : "come"}, <b>{number(stays.length)}</b> {stays.length === 1 ? "stays" : "stay"}.
    </p>
    <Changes title="goes" findings={goes} />
    <Changes title="comes" findings={comes} />
    <p class="soft">
      {pairs === stored
        ? `Judged: all ${plural(stored, "stored pair")}.`
        : `Compared under both: ${number(pairs)} of ${plural(stored, "stored pair")}, spread over the run; the rest may change the verdict.`}{" "}
      Nothing is changed yet.
    </p>
  </>
);

const Changes = ({ title, findings }: { readonly title: string; readonly findings: RulesPreview["goes"] }) => {
  if (findings.length === 0) return null;
  const rest = findings.length - MAX_LISTED;
  return (
    <ul class="changes">
      {findings.slice(0, MAX_LISTED).map(({ id, endpoint, place, kind }) => (
        <li key={id}>
          <span class="pill">{title}</span> <code>{visible(`${endpoint} ${place}`)}</code>{" "}
          <span class="soft">{kind}</span>
        </li>
      ))}
      {rest > 0 && <li class="soft">and {number(rest)} more</li>}
    </ul>
  );
};
