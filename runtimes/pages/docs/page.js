// Every URL is relative to the page, so that it works below whatever path the API is mounted.
const page = globalThis.SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#page",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  // Otherwise a service on another host would be asked what it thinks of the document.
  validatorUrl: null,
  onComplete() {
    document.title = page.specSelectors.info().get("title");
  },
});
