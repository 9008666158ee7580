/**
 * List prices in US dollars, us-east-1, first tier, without free tiers and discounts. Where a page is said to quote one, that page of 2026 was
 * read; the others are list prices as of 2025, not looked up again. The service's own page, named first, decides.
 */
export const PRICES_AS_OF =
  "list prices of us-east-1, most read in 2026 (bench/cost/prices.ts), first tier, no free tier, no discount";

export const PRICES = {
  /** aws.amazon.com/fargate/pricing, Linux on ARM; quoted by vantage.sh/blog/fargate-pricing. */
  fargateVcpuHour: 0.03238,
  fargateGbHour: 0.00356,
  /** aws.amazon.com/sqs/pricing, standard queue; quoted by cloudburn.io/blog/amazon-sqs-pricing (March 2026). Billed by 64 KiB. */
  sqsRequest: 0.4e-6,
  /** aws.amazon.com/dynamodb/pricing/on-demand since November 2024; quoted by airbyte.com/data-engineering-resources/dynamodb-pricing. */
  dynamodbWriteUnit: 0.625e-6,
  dynamodbReadUnit: 0.125e-6,
  /** aws.amazon.com/dynamodb/pricing/on-demand: standard table class, and continuous backups (PITR). A GB and month. */
  dynamodbGbMonth: 0.25,
  dynamodbPitrGbMonth: 0.2,
  /** aws.amazon.com/s3/pricing, S3 Standard. */
  s3Put: 0.005e-3,
  s3Get: 0.0004e-3,
  s3GbMonth: 0.023,
  /** aws.amazon.com/lambda/pricing, ARM; quoted by cloudchipr.com/blog/aws-lambda-pricing. */
  lambdaRequest: 0.2e-6,
  lambdaGbSecond: 0.0000133334,
  /** aws.amazon.com/cloudwatch/pricing; logs and dashboard quoted by factualminds.com (June 2026), metrics by signoz.io/guides/cloudwatch-pricing. */
  logsGb: 0.5,
  metricMonth: 0.3,
  alarmMonth: 0.1,
  alarmHighResolutionMonth: 0.3,
  dashboardMonth: 3,
  /** aws.amazon.com/xray/pricing: a trace recorded. */
  xrayTrace: 5e-6,
  /** aws.amazon.com/ec2/pricing/on-demand, data transfer between zones: out of the one and into the other, $0.01 each, as quoted by factualminds.com (June 2026). A GB. */
  betweenZonesGb: 0.02,
  /** aws.amazon.com/privatelink/pricing: an interface endpoint in one zone, as quoted by factualminds.com (June 2026), and a GB through it. */
  endpointHour: 0.01,
  endpointGb: 0.01,
} as const;

/** Of a month as AWS counts it: 730 hours. */
const MONTH_HOURS = 730;
export const MONTH_SECONDS = MONTH_HOURS * 3_600;
const MONTH_DAYS = MONTH_HOURS / 24;
export const MILLION = 1e6;
/** Storage and transfer are billed by 10⁹ bytes here; AWS's GB is 2³⁰ for storage, which would be 7 % less. */
export const GB = 1e9;

/** What is written in a month, each byte of it kept for `days`: GB-months to pay a month once as much expires as comes. */
export const gbMonthsOf = (bytesMonth: number, days: number): number => (bytesMonth / GB) * (days / MONTH_DAYS);
