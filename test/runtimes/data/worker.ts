import { createHost, type Env } from "../../../runtimes/cloudflare.ts";
import { runSuite } from "./suite.ts";

/** Runs the suite in the place that a request names, and answers what came of it. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await runSuite(createHost(env), await request.json()));
  },
};
