import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CardPage } from "./card.tsx";
import { ask, type PageModel, type PageModels, report } from "./data.ts";
import { HistoryPage } from "./history.tsx";
import { ModelsPage } from "./models.tsx";
import { TryIt } from "./try-it.tsx";
import { WatchPage } from "./watch.tsx";

const titles = { try: "Try it", card: "Model card", history: "History", watch: "Watch" } as const;
type Name = keyof typeof titles;

interface Found {
  readonly model?: PageModel | PageModels;
  readonly error?: string;
}

function useModel(): Found {
  const [found, set] = useState<Found>(report ? { model: report.model } : {});
  useEffect(() => {
    if (report) return;
    ask<PageModel | PageModels>("./pages/model.json").then(
      (model) => set({ model }),
      (error: Error) => set({ error: error.message }),
    );
  }, []);
  return found;
}

function useHash(): string {
  const [hash, set] = useState(location.hash.slice(1));
  useEffect(() => {
    const listen = () => set(location.hash.slice(1));
    addEventListener("hashchange", listen);
    return () => removeEventListener("hashchange", listen);
  }, []);
  return hash;
}

function App() {
  const { model, error } = useModel();
  const hash = useHash();
  if (!model)
    return (
      <main>
        {error ? (
          <p class="wrong" role="alert">
            {error}
          </p>
        ) : (
          <p>Loading ...</p>
        )}
      </main>
    );
  if ("models" in model) {
    document.title = "Models";
    return <ModelsPage {...model} />;
  }
  const { card } = model;
  const names: Name[] = [
    ...(report ? [] : (["try"] as const)),
    ...(card ? (["card"] as const) : []),
    ...(model.hasHistory ? (["history"] as const) : []),
    ...(model.hasMetrics && !report ? (["watch"] as const) : []),
  ];
  const name = names.find((one) => one === hash) ?? names[0];
  document.title = `${model.title}: ${titles[name ?? "try"]}`;
  return (
    <>
      <header>
        <a class="skip" href="#main">
          To the content
        </a>
        <h1>{model.title}</h1>
        <p class="soft">
          {card ? `${card.name} ${card.version}` : model.version}
          {model.description && `: ${model.description}`}
        </p>
        <nav aria-label="Pages">
          <ul>
            {names.map((one) => (
              <li key={one}>
                <a href={`#${one}`} aria-current={one === name ? "page" : undefined}>
                  {titles[one]}
                </a>
              </li>
            ))}
            {model.hasDocs && !report && (
              <li>
                <a href="./docs">API</a>
              </li>
            )}
          </ul>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {name === "try" && <TryIt model={model} />}
        {name === "card" && card && <CardPage card={card} />}
        {name === "history" && <HistoryPage />}
        {name === "watch" && <WatchPage model={model} />}
      </main>
    </>
  );
}

const place = document.getElementById("page");
if (place) render(<App />, place);
