import { useEffect, useMemo, useState } from "preact/hooks";
import type { PageModel } from "./data.ts";
import { FormField, firstValue, type Values } from "./fields.tsx";
import { argsOf, predict, snippets } from "./request.ts";
import { Result } from "./result.tsx";
import { WhatIf } from "./what-if.tsx";

/** How long nobody may type before a prediction is asked for, in milliseconds. */
const pause = 200;

/** The form of a model, and what it predicts. */
export function TryIt({ model }: { readonly model: PageModel }) {
  const { fields, form } = model.signature.inputs;
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(fields.map((field) => [field.name, firstValue(field, model)])),
  );
  const [free, setFree] = useState("{}");
  const [shown, setShown] = useState<{ value?: unknown; error?: string }>({});
  const [language, setLanguage] = useState("curl");
  const args = useMemo(() => (form === "open" ? parsed(free) : argsOf(model, values)), [values, free, form, model]);
  useEffect(() => {
    const aborting = new AbortController();
    const timer = setTimeout(() => {
      predict(model, args, aborting.signal).then(
        (value) => setShown({ value }),
        (error: Error) => error.name !== "AbortError" && setShown({ error: error.message }),
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      aborting.abort();
    };
  }, [args, model]);
  const texts = snippets(model, args);
  return (
    <>
      <div class="columns">
        <form aria-label="Inputs of the model" onSubmit={(event) => event.preventDefault()}>
          <h2>Inputs</h2>
          {form === "open" && (
            <div class="field">
              <label for="free">Arguments, as JSON</label>
              <textarea
                id="free"
                rows={4}
                value={free}
                spellcheck={false}
                onInput={(event) => setFree(event.currentTarget.value)}
              />
            </div>
          )}
          {fields.map((field) => {
            const value = values[field.name];
            return (
              <FormField
                key={field.name}
                field={field}
                model={model}
                value={typeof value === "string" ? value : ""}
                change={(next) => setValues({ ...values, [field.name]: next })}
              />
            );
          })}
        </form>
        <div>
          <h2>Prediction</h2>
          {shown.error ? (
            <div class="result wrong" role="alert">
              {shown.error.split("\n").map((line) => (
                <p key={line}>{line}</p>
              ))}
            </div>
          ) : (
            shown.value !== undefined && <Result value={shown.value} />
          )}
          <WhatIf model={model} args={args} prediction={shown.value} />
        </div>
      </div>
      <h2>The same request</h2>
      <p>
        <label>
          in{" "}
          <select value={language} onInput={(event) => setLanguage(event.currentTarget.value)}>
            {Object.keys(texts).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>{" "}
        <button type="button" onClick={() => void navigator.clipboard?.writeText(texts[language] ?? "")}>
          Copy
        </button>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre tabIndex={0}>{texts[language]}</pre>
    </>
  );
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
