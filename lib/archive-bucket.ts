import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { EncryptionKey } from "./encryption-key.ts";

export interface ArchiveBucketProps {
  readonly key: EncryptionKey;
  /**
   * A bucket that holds something is not deleted by CloudFormation: `DESTROY` asks for it to be emptied first.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * How long redacted segments are kept: as long, what they say can be computed anew under other rules.
   * @default 30
   */
  readonly archiveDays?: number;
  /** How long facts live in the table; their spilled documents are kept as long. */
  readonly factsDays: number;
}

/** The folders of the bucket, as adapters/ names them. */
const FOLDERS = ["archive", "claims", "spill"] as const;
export type Folder = (typeof FOLDERS)[number];
export type Access = "read" | "write" | "delete";

const ACTIONS: Readonly<Record<Access, string>> = {
  read: "s3:GetObject",
  write: "s3:PutObject",
  delete: "s3:DeleteObject",
};

/** Redacted segments, segments too large for a message, and documents too large for the table. Kept when the stack is deleted, unless told otherwise. */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    const { key, archiveDays = 30, factsDays, removalPolicy = RemovalPolicy.RETAIN } = props;
    this.#key = key;
    this.bucket = new Bucket(this, "Bucket", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.KMS,
      encryptionKey: key.key,
      // One data key for many objects: fewer calls to KMS, whose requests a second are bounded.
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
      lifecycleRules: [
        { id: "archive", prefix: "archive/", expiration: Duration.days(archiveDays) },
        // A claim check lives as long as its message can: in the queue, then among the dead letters (14 days).
        { id: "claims", prefix: "claims/", expiration: Duration.days(15) },
        // DynamoDB deletes within a few days after the TTL, not at it.
        { id: "spill", prefix: "spill/expiring/", expiration: Duration.days(factsDays + 3) },
        { id: "uploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Only Shadowgraph's own functions and tees may use the bucket; CloudTrail data events tell who did, access logs would double the objects.",
    });
  }

  grant(grantee: IGrantable, folder: Folder, ...access: readonly Access[]): void {
    const actions = access.map((one) => ACTIONS[one]);
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.bucket.arnForObjects(`${folder}/*`)] });
    this.#key.grant(grantee, "s3", access.includes("write") ? "encrypt" : "decrypt");
    // Without it S3 answers 403, not 404, for a missing object. A condition on the prefix would not be met by a GetObject.
    if (access.includes("read")) {
      Grant.addToPrincipal({ grantee, actions: ["s3:ListBucket"], resourceArns: [this.bucket.bucketArn] });
    }
  }
}
