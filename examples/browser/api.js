const button = document.querySelector("#worker");

await navigator.serviceWorker.register("worker.js", { type: "module" });
// A page is not its worker's before it says so: see `claim` there.
if (navigator.serviceWorker.controller === null) {
  await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
}
button.disabled = false;

button.addEventListener("click", async () => {
  const query = new URLSearchParams(new FormData(document.querySelector("form")));
  const response = await fetch(`/iris/v0/varieties?${query}`);
  const { iris_variety, detail } = await response.json();
  document.querySelector("output").value = iris_variety ?? detail;
});
