import { TeeRoute } from "../../adapters/tee-route.ts";

const arn = (resource: string) => `arn:aws:elasticloadbalancing:eu-central-1:111122223333:${resource}`;

export const ROUTE = TeeRoute.parse({
  baseline: "shop",
  service: "web",
  listenerArn: arn("listener/app/shop/50dc/0467"),
  teeTargetGroupArn: arn("targetgroup/tees/1"),
  baselineTargetGroupArn: arn("targetgroup/shop/2"),
  percent: 30,
});

export const MATCH = { priority: 10, hosts: ["shop.example.com"], paths: ["/api/*"] };
