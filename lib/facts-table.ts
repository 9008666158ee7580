import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { RemovalPolicy } from "aws-cdk-lib/core";
import { Construct } from "constructs";

/** The one table: catalog, facts, roll-ups, rules, verdicts, audit. Kept when the stack is deleted: it holds the evidence. */
export class FactsTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: "ttl",
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.AWS_MANAGED,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  grantRead(grantee: IGrantable): Grant {
    return this.#grant(grantee, "GetItem", "Query");
  }

  /** Never a scan: nothing reads the whole table. */
  grantReadWrite(grantee: IGrantable): Grant {
    return this.#grant(grantee, "GetItem", "Query", "PutItem");
  }

  grantDelete(grantee: IGrantable): Grant {
    return this.#grant(grantee, "DeleteItem");
  }

  /** Rows of the partitions whose key begins so. */
  grantWriteUnder(grantee: IGrantable, prefix: string): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:PutItem"],
      resourceArns: [this.table.tableArn],
      conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${prefix}*`] } },
    });
  }

  #grant(grantee: IGrantable, ...operations: readonly string[]): Grant {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}
