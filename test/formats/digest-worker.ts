import { digestOf, type Question } from "./digest.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    return new Response(await digestOf((await request.json()) as Question));
  },
};
