// Asks twice on one connection, and closes the server when the second request has left: prints how that was answered.
import { once } from "node:events";
import { connect } from "node:net";

const [runtime] = process.argv.slice(2);
const { serve } = await import(new URL(`../../dist/${runtime}.js`, import.meta.url).href);
const server = await serve(() => new Response("answered"), { port: 0 });

const socket = connect(Number(server.url.port), "127.0.0.1");
const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
socket.write(request);
await once(socket, "data");
socket.write(request);
const answer = Promise.race([
  once(socket, "data").then(([bytes]) => String(bytes).split("\r\n")[0]),
  once(socket, "close").then(() => "cut off"),
]).catch(({ code }) => code);
await server.close();
console.log(await answer);
process.exit(0);
