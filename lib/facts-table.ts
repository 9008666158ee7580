import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { RemovalPolicy } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { EncryptionKey, KeyUse } from "./encryption-key.ts";

export interface FactsTableProps {
  readonly key: EncryptionKey;
  /**
   * `DESTROY` also lifts the protection against deletion.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The one table: catalog, facts, roll-ups, rules, verdicts, audit. Kept when the stack is deleted, unless told otherwise: it holds the evidence. */
export class FactsTable extends Construct {
  readonly table: Table;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, { key, removalPolicy = RemovalPolicy.RETAIN }: FactsTableProps) {
    super(scope, id);
    this.#key = key;
    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: "ttl",
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key.key,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
  }

  grantRead(grantee: IGrantable): Grant {
    return this.#grant(grantee, "decrypt", "GetItem", "Query");
  }

  /** Never a scan: nothing reads the whole table. */
  grantReadWrite(grantee: IGrantable): Grant {
    return this.#grant(grantee, "encrypt", "GetItem", "Query", "PutItem");
  }

  grantDelete(grantee: IGrantable): Grant {
    return this.#grant(grantee, "encrypt", "DeleteItem");
  }

  /** Rows of the partitions whose key begins so. */
  grantWriteUnder(grantee: IGrantable, prefix: string): Grant {
    this.#key.grant(grantee, "dynamodb", "encrypt");
    return Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:PutItem"],
      resourceArns: [this.table.tableArn],
      conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${prefix}*`] } },
    });
  }

  #grant(grantee: IGrantable, use: KeyUse, ...operations: readonly string[]): Grant {
    this.#key.grant(grantee, "dynamodb", use);
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}
