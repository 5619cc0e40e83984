// Serves a handler that never answers, asks it, and closes the server: prints what became of the request.
const [runtime] = process.argv.slice(2);
const { serve } = await import(new URL(`../../dist/${runtime}.js`, import.meta.url).href);

let asked;
const arrived = new Promise((resolve) => {
  asked = resolve;
});
const server = await serve(
  () => {
    asked();
    return new Promise(() => {});
  },
  { port: 0 },
);
const answer = fetch(server.url).then(
  ({ status }) => `answered ${status}`,
  () => "cut off",
);
await arrived;
await server.close(200);
console.log(await answer);
process.exit(0);
