import { render } from "preact";
import { createApi } from "./api.ts";
import { type Config, readConfig } from "./config.ts";
import { LiveStore, StoreContext } from "./live.ts";
import { Shell } from "./shell.tsx";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/tables.css";
import "./styles/environment.css";
import "./styles/latency.css";
import "./styles/finding.css";
import "./styles/answers.css";
import "./styles/dialog.css";
import "./styles/rules.css";
import "./styles/runs.css";

const app = document.getElementById("app") as HTMLElement;

const start = (config: Config): void => {
  const store = new LiveStore(createApi(config.api, async () => undefined));
  render(
    <StoreContext.Provider value={store}>
      <Shell />
    </StoreContext.Provider>,
    app,
  );
};

readConfig().then(start, (fault: Error) =>
  render(
    <main class="page">
      <div class="note bad" role="alert">
        <strong>The dashboard cannot start</strong>
        <p>{fault.message}</p>
      </div>
    </main>,
    app,
  ),
);
