import { startAws } from "../../local/aws.ts";

// The emulators in a process of their own: fauxqs is ESM only, which jest cannot load. Ends with its parent.
const [dataDir, visibilitySeconds, maxReceiveCount] = process.argv.slice(2);

const main = async () => {
  const aws = await startAws({
    dataDir: dataDir!,
    visibilitySeconds: Number(visibilitySeconds),
    maxReceiveCount: Number(maxReceiveCount),
  });
  process.on("message", () => void aws.close().then(() => process.exit(0)));
  process.on("disconnect", () => process.exit(0));
  process.send!({ env: aws.env, deadLetterQueueUrl: aws.deadLetterQueueUrl });
};

void main();
