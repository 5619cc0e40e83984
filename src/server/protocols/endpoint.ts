import type { ApiDefinition } from "../../api/definition.ts";
import type { Route } from "../../api/routes.ts";
import type { Part } from "../../api/write/openapi/parameters.ts";
import type { Schemas } from "../../api/write/openapi/schemas.ts";
import type { ErrorForm } from "../problem.ts";
import type { Handlers } from "../request-context.ts";

/** Path of an API, and its handlers. */
export interface Endpoint {
  /** The path, as the router takes it. */
  readonly route: Pick<Route, "segments">;
  /** The path with its parameters by name, `/iris/v0/varieties/{id}`: the name under which it is counted and logged. */
  readonly template: string;
  readonly handlers: Handlers;
  /** Whether it is the model that answers: then the time-out holds, and its failures are counted. */
  readonly predicts: boolean;
  /** Whether it asks for a token of its own, such as that of the admin paths: nothing else is asked for then. */
  readonly asksItself?: boolean;
  /** Whether the body names the model that is asked. */
  readonly modelInBody?: boolean;
  /** Parameter of the path that names the model which is asked, where it is none of one model alone. */
  readonly modelIn?: string;
  /** What its errors look like; problems (RFC 9457) unless told. */
  readonly errors?: ErrorForm;
}

/** API, as documents describe it. */
export interface DescribedApi {
  readonly definition: ApiDefinition;
  readonly basePath: string;
  readonly unknownParameters?: "refuse" | "ignore" | undefined;
}

/** Endpoints of the protocols that are on. */
export interface ProtocolEndpoints {
  /** Names of those protocols. */
  readonly names: readonly string[];
  readonly endpoints: readonly Endpoint[];
  /** Form of errors at a path that none of them has; undefined where it is none of theirs. */
  errorsBelow(path: string): ErrorForm | undefined;
  /** Describes them in the document of the one API that they ask, whose paths are then in full. */
  describe(api: DescribedApi): (paths: Part, schemas: Schemas) => Part;
  /** Describes them for several models: path items by path. */
  describeAll(): Part;
}
