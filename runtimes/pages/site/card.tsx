import { Small, Table } from "./charts.tsx";
import { Classification, Regression } from "./curves.tsx";
import { type Card, report, short } from "./data.ts";

/** What is known of the model. */
export function CardPage({ card }: { readonly card: Card }) {
  const { about, evaluation } = card;
  return (
    <>
      {about.description && <p class="about">{about.description}</p>}
      {!report && (
        <p>
          <a href="./pages/card.md">Model card in Markdown</a>,{" "}
          <a href="./pages/bom.json">bill of materials (CycloneDX)</a>
        </p>
      )}
      <List title="Intended use" texts={about.intended_use} />
      <List title="Limits" texts={about.limits} />
      <List title="What to consider" texts={about.ethics} />
      <List title="Contacts" texts={about.contacts} />
      <Metrics card={card} />
      {evaluation?.task === "classification" && <Classification counts={evaluation} />}
      {evaluation?.task === "regression" && <Regression counts={evaluation} />}
      {Object.entries(card.slices).map(([column, values]) => {
        const names = [...new Set(Object.values(values).flatMap((one) => Object.keys(one)))];
        return (
          <section key={column}>
            <h2>By {column}</h2>
            <Table
              head={[column, ...names]}
              rows={Object.entries(values).map(([value, one]) => [value, ...names.map((name) => one[name] ?? "")])}
            />
          </section>
        );
      })}
      <DataOf card={card} />
      <h2>Origin</h2>
      <dl>
        <dt>Run</dt>
        <dd>
          <code>{card.run}</code>
        </dd>
        <dt>Trained</dt>
        <dd>
          {new Date(card.created).toLocaleString()}
          {card.createdBy && ` by ${card.createdBy}`}
          {card.trainingSeconds !== undefined && `, in ${short(card.trainingSeconds)} s`}
        </dd>
        <dt>Contents</dt>
        <dd>
          {card.contents.size} bytes, SHA-256 <code>{card.contents.sha256}</code>
        </dd>
        {card.code.commit && (
          <>
            <dt>Code</dt>
            <dd>
              commit <code>{card.code.commit}</code>
              {card.code.dirty && " with changes"}
            </dd>
          </>
        )}
        {card.system.runtime && (
          <>
            <dt>Made with</dt>
            <dd>
              Launchpad {card.system.launchpad}, {card.system.runtime}
            </dd>
          </>
        )}
        {about.license && (
          <>
            <dt>License</dt>
            <dd>{about.license}</dd>
          </>
        )}
      </dl>
    </>
  );
}

function List({ title, texts }: { readonly title: string; readonly texts: readonly string[] | undefined }) {
  if (!texts?.length) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}

function Metrics({ card }: { readonly card: Card }) {
  const numbers = Object.entries(card.numbers);
  if (numbers.length === 0) return null;
  const { confusion } = card;
  const most = Math.max(...(confusion?.matrix.flat() ?? [1]), 1);
  return (
    <div class="columns">
      <section>
        <h2>Metrics</h2>
        <Table
          head={["metric", "value", "gate"]}
          rows={numbers.map(([name, value]) => [name, value, card.gates[name] ?? ""])}
        />
      </section>
      {confusion && (
        <section>
          <h2>Confusion matrix</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
          <div class="scroll" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">true, predicted as</th>
                  {confusion.classes.map((name) => (
                    <th key={name} scope="col" class="number">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {confusion.matrix.map((line, row) => (
                  <tr key={confusion.classes[row]}>
                    <th scope="row">{confusion.classes[row]}</th>
                    {line.map((count, column) => (
                      <td key={confusion.classes[column]} class="number">
                        {count}
                        <svg class="bit" viewBox="0 0 40 6" aria-hidden="true">
                          <rect
                            class={row === column ? "fill-accent" : "fill-second"}
                            width={(count / most) * 40}
                            height="6"
                          />
                        </svg>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </div>
  );
}

function DataOf({ card }: { readonly card: Card }) {
  const columns = Object.entries(card.profile?.inputs ?? {});
  if (card.data.length === 0 && columns.length === 0) return null;
  return (
    <>
      <h2>Data</h2>
      <Table
        head={["source", "read by", "rows", "columns", "SHA-256"]}
        rows={card.data.map((one) => [
          one.name,
          one.readBy.join(", "),
          one.rows ?? "",
          one.columns.join(", "),
          <code key="sha">{one.sha256 ?? ""}</code>,
        ])}
      />
      {columns.length > 0 && (
        <>
          <h3>Distributions in training</h3>
          <Table
            head={["column", "distribution", "values", "missing"]}
            rows={columns.map(([name, field]) => {
              if (field.kind === "presence") return [name, "", `${field.present} present`, field.missing];
              const text =
                field.kind === "number"
                  ? `${short(field.min)} to ${short(field.edges.at(-1) ?? field.min)}, mean ${short(field.mean)}`
                  : field.values.slice(0, 5).join(", ");
              // Bins have about as many values each: how dense they are is what shows.
              const counts =
                field.kind === "number"
                  ? densities(field.min, field.edges, field.counts)
                  : [...field.counts, ...(field.other > 0 ? [field.other] : [])];
              return [
                name,
                <Small key="bars" counts={counts} label={`Distribution of ${name}`} />,
                text,
                field.missing,
              ];
            })}
          />
        </>
      )}
    </>
  );
}

/** Counts of bins of equal width, from bins at quantiles. */
function densities(min: number, edges: readonly number[], counts: readonly number[]): number[] {
  const bars = 24;
  const most = edges.at(-1) ?? min;
  const wide = (most - min) / bars || 1;
  const found = new Array<number>(bars).fill(0);
  edges.forEach((edge, at) => {
    const from = at === 0 ? min : (edges[at - 1] as number);
    const count = counts[at] ?? 0;
    for (let bar = 0; bar < bars; bar++) {
      const [left, right] = [min + bar * wide, min + (bar + 1) * wide];
      const shared =
        edge > from
          ? Math.max(0, Math.min(edge, right) - Math.max(from, left)) / (edge - from)
          : Number(edge >= left && (edge < right || bar === bars - 1));
      found[bar] = (found[bar] as number) + count * shared;
    }
  });
  return found;
}
