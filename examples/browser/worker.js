import iris from "./iris/index.mjs";
import { variables } from "./variables.js";

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || !pathname.startsWith("/iris/v0/")) return;
  event.respondWith(iris.fetch(event.request, variables, event));
});
