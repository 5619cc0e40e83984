// Deno and Bun bring their own types, which clash with those of Node: here is as much of them as the examples use.

declare const Deno: {
  readonly env: { get(name: string): string | undefined };
  serve(
    options: { readonly port: number },
    handler: (request: Request, info: { readonly remoteAddr: unknown }) => Response | Promise<Response>,
  ): unknown;
};

declare const Bun: {
  readonly env: Readonly<Record<string, string | undefined>>;
  serve(options: {
    readonly port: number | string;
    fetch(request: Request, server: { readonly port: number }): Response | Promise<Response>;
  }): unknown;
};
