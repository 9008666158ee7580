import { useState } from "preact/hooks";
import type { Rule } from "../../api-shapes.js";

interface RulesTextProps {
  readonly rules: readonly Rule[];
  readonly onEdit: (rules: readonly Rule[]) => void;
}

/** All rules as JSON, for kinds that no form makes. What is no list is never taken over. */
export const RulesText = ({ rules, onEdit }: RulesTextProps) => {
  const written = JSON.stringify(rules, null, 2);
  const [typed, setTyped] = useState<string>();
  const fault = typed === undefined ? undefined : faultIn(typed);
  const type = (text: string) => {
    setTyped(text);
    if (faultIn(text) === undefined) onEdit(JSON.parse(text));
  };
  return (
    <details class="run-more">
      <summary>As text</summary>
      <label class="field">
        Rules as JSON: the fields are those of rules.yaml
        <textarea
          rows={Math.min(24, written.split("\n").length + 2)}
          spellcheck={false}
          value={typed ?? written}
          aria-invalid={fault !== undefined}
          onInput={({ currentTarget }) => type(currentTarget.value)}
          onBlur={() => fault === undefined && setTyped(undefined)}
        />
      </label>
      {fault !== undefined && <p role="alert">{fault}</p>}
    </details>
  );
};

const faultIn = (text: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    const isList = Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null);
    return isList ? undefined : 'It must be a list of rules: [{ "ignore": "body/at" }]';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
