import { Table } from "./charts.tsx";
import type { PageModels } from "./data.ts";

const states = { idle: "not asked yet", ready: "ready", failed: "cannot serve" } as const;

/** All models that serve together. */
export function ModelsPage({ models, hasDocs }: PageModels) {
  return (
    <>
      <header>
        <h1>Models</h1>
        <p class="soft">
          {models.length === 1 ? "One model serves" : `${models.length} models serve`} here, each with its own pages.
        </p>
      </header>
      <main id="main">
        {models.length === 0 ? (
          <p>None was found yet.</p>
        ) : (
          <Table
            caption="Models that serve here"
            head={["model", "version", "path", "state"]}
            rows={models.map(({ name, version, path, state }) => [
              <a key="name" href={`./models/${encodeURIComponent(name)}/`}>
                {name}
              </a>,
              version,
              <code key="path">{path}</code>,
              <span key="state" class={state === "failed" ? "wrong" : undefined}>
                {states[state]}
              </span>,
            ])}
          />
        )}
        {hasDocs && (
          <p>
            <a href="./docs">API of all</a>
          </p>
        )}
      </main>
    </>
  );
}
