import iris from "./iris/index.mjs";
import { variables } from "./variables.js";

document.querySelector("#page").addEventListener("click", async () => {
  const query = new URLSearchParams(new FormData(document.querySelector("form")));
  const response = await iris.fetch(new Request(`/iris/v0/varieties?${query}`), variables);
  const { iris_variety, detail } = await response.json();
  document.querySelector("output").value = iris_variety ?? detail;
});
