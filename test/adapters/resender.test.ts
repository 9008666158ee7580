import { createFunctionResender, ResendTask } from "../../adapters/resender.ts";
import { LaneTarget } from "../../core/sampling/plan.ts";

const credentials = async () => ({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" });
const task = ResendTask.parse({
  candidate: LaneTarget.parse({ url: "http://a" }),
  control: LaneTarget.parse({ url: "http://b" }),
  requests: [{ id: "r", afterMs: 0, method: "GET", target: "/", headers: [["authorization", "s3cret"]], body: "" }],
  hidden: ["s3cret"],
  keepsEqual: true,
});
const place = { name: "shop-Resend", region: "eu-central-1" };

test("the function is called and waited for, signed, with the values in nothing but the body", async () => {
  const asked: { url: string; init: RequestInit }[] = [];
  const answer = { segment: "", unanswered: [{ id: "r", because: "refused" }] };
  const resender = createFunctionResender(place, credentials, async (url, init) => {
    asked.push({ url: String(url), init: init! });
    return Response.json(answer);
  });
  expect(await resender.send(task)).toEqual(answer);
  const [{ url, init }] = asked as [(typeof asked)[0]];
  expect(url).toBe("https://lambda.eu-central-1.amazonaws.com/2015-03-31/functions/shop-Resend/invocations");
  const headers = init.headers as Record<string, string>;
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/lambda\/aws4_request/,
  );
  // RequestResponse is what is meant where nothing is said: an Event would go through a queue.
  expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain("x-amz-invocation-type");
  expect(JSON.stringify(headers)).not.toContain("s3cret");
  expect(ResendTask.parse(JSON.parse(String(init.body)))).toEqual(task);
});

test.each([
  [
    "a fault of the function",
    async () => Response.json({ errorMessage: "s3cret" }, { headers: { "x-amz-function-error": "Unhandled" } }),
    /Unhandled/,
  ],
  ["a refusal", async () => Response.json({ Message: "no" }, { status: 403 }), /status 403/],
  ["no answer", async () => Promise.reject(new Error("s3cret")), /did not answer/],
  ["another answer", async () => Response.json({ s3cret: 1 }), /did not answer/],
] as const)("%s is told as unavailable, without what was sent", async (_, send, said) => {
  const fault = await createFunctionResender(place, credentials, send)
    .send(task)
    .catch((error) => error);
  expect(fault).toMatchObject({ code: "unavailable", message: expect.stringMatching(said) });
  expect(`${fault.message} ${JSON.stringify(fault)} ${fault.stack} ${fault.cause}`).not.toContain("s3cret");
});
