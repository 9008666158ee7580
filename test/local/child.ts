import { appendFileSync } from "node:fs";

// A child for supervise.test.ts; its first argument of the environment says how it behaves.
const { BEHAVIOUR, LOG, PORT } = process.env;
appendFileSync(LOG!, `start ${PORT}\n`);
process.on("disconnect", () => process.exit(0));

switch (BEHAVIOUR) {
  case "serves":
    process.on("SIGTERM", () => {
      appendFileSync(LOG!, "drained\n");
      process.exit(0);
    });
    process.send!({ type: "listening", port: 4242 });
    break;
  case "is deaf":
    process.on("SIGTERM", () => {});
    process.send!({ type: "ready" });
    break;
  case "says why":
    process.send!({ type: "failed", code: "EADDRINUSE", port: 80 }, () => process.exit(1));
    break;
  case "ends":
    console.error("a line of its own");
    process.exit(3);
    break;
  default: // says nothing
}
setInterval(() => {}, 1_000);
