import { number, plural, time, visible } from "../../../core/report/text.ts";
import type { Audit } from "../../api-shapes.js";
import { type Change, changesBetween } from "../changes.ts";
import { useLive } from "../live.ts";
import type { PageProps } from "../page.ts";
import { Empty, Shown } from "../parts/states.tsx";
import { replaceQuery } from "../router.ts";

const STEP = 50;
const MAX_SHOWN = 1_000;
const CHANGES_SHOWN = 6;

type Entry = Audit["entries"][number];

/** Who changed what, the latest first. How many are shown is in the address. */
export const AuditPage = ({ params, query }: PageProps) => {
  const asked = Number(query.show ?? STEP);
  const limit = Number.isInteger(asked) && asked >= 1 ? Math.min(asked, MAX_SHOWN) : STEP;
  const live = useLive("GET /environments/{id}/audit", { params: { id: params.id ?? "" }, query: { limit } });
  return (
    <Shown live={live} what="The audit" lines={6}>
      {({ entries, total }) => (
        <>
          <h2>
            Changes <small>{number(total)}</small>
          </h2>
          {total === 0 ? (
            <Empty title="Nothing was changed yet">
              <p>
                Whoever switches mirroring, sets rules, changes or releases the overlay stands here with what was
                before.
              </p>
            </Empty>
          ) : (
            <ol class="card rows">
              {entries.map((entry) => (
                <li key={entry.id}>
                  <EntryRow entry={entry} />
                </li>
              ))}
            </ol>
          )}
          {total > entries.length && limit < MAX_SHOWN && (
            <p class="more">
              <button type="button" class="button" onClick={() => replaceQuery({ show: String(limit + STEP) })}>
                Show more of {number(total)}
              </button>
            </p>
          )}
        </>
      )}
    </Shown>
  );
};

/** `environment.shadow` in words. */
const WHAT: Readonly<Record<string, string>> = {
  "baseline.create": "created the baseline",
  "overlay.create": "created the overlay",
  "overlay.replace": "changed overlay.yaml",
  "overlay.delete": "deleted the overlay",
  "overlay.release": "released it",
  "environment.shadow": "switched mirroring",
  "environment.rules": "set rules",
  "environment.promote": "made it a baseline",
  "environment.recheck": "sent requests of findings again",
  "environment.replay": "sent stored requests again",
  "environment.probe": "probed for side effects",
  "overlay.deployment": "changed what is deployed",
  "overlay.expire": "shut the overlay down",
};

const EntryRow = ({ entry }: { readonly entry: Entry }) => {
  const { at, who, what, before, after, begun } = entry;
  const changes = before === null || after === null ? [] : changesBetween(before, after);
  return (
    <div class="entry" data-what={what}>
      <p class="entry-head">
        <b>{visible(who)}</b> <span title={what}>{WHAT[what] ?? visible(what)}</span>
        {begun && <span class="pill wait">begun; whether it came to pass is not noted</span>}
        <time class="soft row-end">{time(at)}</time>
      </p>
      {changes.length > 0 && <Changes changes={changes} />}
      <details class="run-more">
        <summary>Before and after</summary>
        <div class="two">
          <Whole title="Before" value={before} />
          <Whole title="After" value={after} />
        </div>
      </details>
    </div>
  );
};

const Changes = ({ changes }: { readonly changes: readonly Change[] }) => (
  <ul class="audit-changes">
    {changes.slice(0, CHANGES_SHOWN).map(({ field, before, after }) => (
      <li key={field}>
        <code>{visible(field)}</code> <Value of={before} />{" "}
        <span role="img" aria-label="became">
          →
        </span>{" "}
        <Value of={after} />
      </li>
    ))}
    {changes.length > CHANGES_SHOWN && <li class="soft">and {plural(changes.length - CHANGES_SHOWN, "more field")}</li>}
  </ul>
);

const Value = ({ of }: { readonly of: string | undefined }) =>
  of === undefined ? <span class="soft">nothing</span> : <code>{visible(of)}</code>;

const Whole = ({ title, value }: { readonly title: string; readonly value: unknown }) => (
  <figure>
    <figcaption class="soft">{title}</figcaption>
    <pre>{value == null ? "nothing" : JSON.stringify(value, null, 2).split("\n").map(visible).join("\n")}</pre>
  </figure>
);
