import { ask, type PageModel } from "./data.ts";
import { argOf, type Values } from "./fields.tsx";

/** Values of the form as the API takes them. */
export function argsOf({ signature }: PageModel, values: Values): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const field of signature.inputs.fields) {
    const value = argOf(field, values[field.name]);
    if (value !== undefined) args[field.name] = value;
  }
  return args;
}

/** A request for a prediction: its path, and what is sent. */
export function requestOf(
  model: PageModel,
  args: Record<string, unknown>,
): { path: string; body: string | FormData; headers: Record<string, string> } {
  const rest = { ...args };
  const headers: Record<string, string> = {};
  for (const [name, place] of Object.entries(model.places)) {
    if (place === "header" && rest[name] !== undefined) headers[name] = String(rest[name]);
    if (place === "header") delete rest[name];
  }
  const path = model.path.replace(/\{(.+?)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value ?? ""));
  });
  if (Object.values(rest).some((value) => value instanceof File)) {
    const form = new FormData();
    for (const [name, value] of Object.entries(rest))
      form.append(
        name,
        value instanceof File ? value : typeof value === "object" ? JSON.stringify(value) : String(value),
      );
    return { path, body: form, headers };
  }
  const whole = model.signature.inputs.form === "value";
  return {
    path,
    body: JSON.stringify(whole ? rest[model.signature.inputs.fields.at(-1)?.name ?? ""] : rest),
    headers: { ...headers, "content-type": "application/json" },
  };
}

/** Makes one prediction. */
export function predict(model: PageModel, args: Record<string, unknown>, signal?: AbortSignal): Promise<unknown> {
  const { path, body, headers } = requestOf(model, args);
  return ask(`.${path}`, { method: "POST", body, headers, ...(signal && { signal }) });
}

/** The same request for three who might send it. */
export function snippets(model: PageModel, args: Record<string, unknown>): Readonly<Record<string, string>> {
  const { path, body, headers } = requestOf(model, args);
  const url = new URL(`.${path}`, document.baseURI).href;
  const names = Object.entries(headers);
  if (body instanceof FormData) {
    const parts = [...body.entries()];
    const value = (one: FormDataEntryValue) => (one instanceof File ? `@${one.name}` : one);
    return {
      curl: [`curl ${shell(url)}`, ...parts.map(([name, one]) => `-F ${shell(`${name}=${value(one)}`)}`)].join(
        " \\\n  ",
      ),
      fetch: `const form = new FormData();\n${parts.map(([name, one]) => `form.append(${JSON.stringify(name)}, ${one instanceof File ? "file" : JSON.stringify(one)});`).join("\n")}\nconst response = await fetch(${JSON.stringify(url)}, { method: "POST", body: form });\nconsole.log(await response.json());`,
      Python: `import requests\n\nresponse = requests.post(\n    ${JSON.stringify(url)},\n    files={${parts
        .filter(([, one]) => one instanceof File)
        .map(([name, one]) => `${JSON.stringify(name)}: open(${JSON.stringify((one as File).name)}, "rb")`)
        .join(", ")}},\n)\nprint(response.json())`,
    };
  }
  const python = body.replace(
    /("(?:[^"\\]|\\.)*")|\btrue\b|\bfalse\b|\bnull\b/g,
    (found, text) => text ?? { true: "True", false: "False", null: "None" }[found] ?? found,
  );
  return {
    curl: [
      `curl ${shell(url)}`,
      ...names.map(([name, one]) => `-H ${shell(`${name}: ${one}`)}`),
      `-d ${shell(body)}`,
    ].join(" \\\n  "),
    fetch: `const response = await fetch(${JSON.stringify(url)}, {\n  method: "POST",\n  headers: ${JSON.stringify(headers)},\n  body: JSON.stringify(${body}),\n});\nconsole.log(await response.json());`,
    Python: `import requests\n\nresponse = requests.post(\n    ${JSON.stringify(url)},\n    json=${python},\n${names.filter(([name]) => name !== "content-type").length > 0 ? `    headers=${JSON.stringify(headers)},\n` : ""})\nprint(response.json())`,
  };
}

const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
