import { Match } from "aws-cdk-lib/assertions";
import { detailOf, EVENT_SOURCE, VERDICT_CHANGED } from "../../adapters/events.ts";
import { templateOf, templateOfService } from "./templates.ts";

const template = templateOfService();
const [rule] = Object.values(template.findResources("AWS::Events::Rule"))
  .map(({ Properties }) => Properties)
  .filter(({ EventPattern }) => EventPattern !== undefined);

test("people are told of the events that judge puts, of this baseline alone", () => {
  expect(rule.EventPattern).toEqual({
    source: [EVENT_SOURCE],
    "detail-type": [VERDICT_CHANGED],
    detail: { baseline: ["shop"] },
  });
  expect(rule.Targets).toMatchObject([
    {
      Arn: { Ref: expect.stringMatching(/^Notices/) },
      DeadLetterConfig: { Arn: { "Fn::GetAtt": [expect.stringMatching(/^Judge/), "Arn"] } },
    },
  ]);
});

test("the sentence is made of fields that the event has", () => {
  const change = { at: 1, run: "run-1", verdict: "SAFE", reason: "", pairs: 1, from: null, number: 1 } as const;
  const fields = Object.keys(detailOf("shop", "pr-7", change)).map((field) => `$.detail.${field}`);
  const used = Object.values(rule.Targets[0].InputTransformer.InputPathsMap);
  expect(used.length).toBeGreaterThan(4);
  for (const path of used) expect(fields).toContain(path);
});

test.each([
  ["default", {}],
  ["tools", { eventBus: "tools" }],
])("judge may put this one event, on the bus %s alone", (bus, given) => {
  const one = templateOf({ baselines: { shop: given } });
  one.hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: Match.objectLike({ EVENT_BUS_NAME: bus, BASELINE_ID: "shop" }) },
  });
  one.hasResourceProperties("AWS::IAM::Policy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Action: "events:PutEvents",
          Effect: "Allow",
          Resource: { "Fn::Join": ["", Match.arrayWith([Match.stringLikeRegexp(`:event-bus/${bus}$`)])] },
          Condition: {
            "ForAllValues:StringEquals": { "events:source": EVENT_SOURCE, "events:detail-type": VERDICT_CHANGED },
          },
        },
      ]),
    },
  });
});
