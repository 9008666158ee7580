import { render } from "preact";
import { createApi } from "./api.ts";
import { type Config, readConfig } from "./config.ts";
import { LiveStore, StoreContext } from "./live.ts";
import { Shell } from "./shell.tsx";
import { signIn } from "./sign-in.ts";
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

const start = async (config: Config): Promise<void> => {
  const signedIn = config.signIn === null ? undefined : await signIn(config.signIn);
  const store = new LiveStore(createApi(config.api, signedIn?.authorize ?? (async () => undefined)));
  render(
    <StoreContext.Provider value={store}>
      <Shell signedIn={signedIn} />
    </StoreContext.Provider>,
    app,
  );
};

const fail = (fault: Error): void =>
  render(
    <main class="page">
      <div class="note bad" role="alert">
        <strong>The dashboard cannot start</strong>
        <p>{fault.message}</p>
      </div>
    </main>,
    app,
  );

readConfig().then(start).catch(fail);
