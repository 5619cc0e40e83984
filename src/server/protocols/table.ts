import { bigquery } from "./bigquery.ts";
import { kserveV1 } from "./kserve-v1.ts";
import { mcp } from "./mcp/index.ts";
import { mlflow } from "./mlflow/index.ts";
import { oip } from "./oip/index.ts";
import type { Protocol } from "./protocol.ts";
import { sagemaker } from "./sagemaker.ts";
import { snowflake } from "./snowflake.ts";
import { vertex } from "./vertex.ts";

/** The one table of protocols. A package has those that its configuration names: this module is written anew for it. */
export const protocols: readonly Protocol[] = [oip, kserveV1, mlflow, sagemaker, vertex, bigquery, snowflake, mcp];
