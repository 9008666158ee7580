import { GLOSSARY } from "../glossary.ts";

export const GlossaryPage = () => (
  <>
    <header class="env-head">
      <h1>Words</h1>
    </header>
    <dl class="card words">
      {Object.entries(GLOSSARY).map(([word, meaning]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  </>
);
