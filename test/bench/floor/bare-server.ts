import { modelOf, orderColumns } from "./bare-model.ts";

/**
 * Creates the least that answers: no router, one path, the same function.
 *
 * @param contents The contents of the stored model, as text.
 *
 * @returns What answers requests.
 */
export function createFetch(contents: string) {
  const predict = modelOf(contents);
  return (request: Request): Response => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/iris/v0/varieties") return new Response(null, { status: 404 });
    return Response.json(predict(orderColumns(Object.fromEntries(searchParams))));
  };
}
