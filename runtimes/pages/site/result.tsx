import { Bars } from "./charts.tsx";
import { short } from "./data.ts";

/** Numbers in a prediction, by the path that leads to them. */
export function numbersIn(value: unknown, path = ""): (readonly [string, number])[] {
  if (typeof value === "number") return [[path || "prediction", value]];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => numbersIn(one, path ? `${path}.${key}` : key));
}

function asNumbers(value: unknown): (readonly [string, number])[] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([, one]) => typeof one === "number")
    ? (entries as [string, number][])
    : undefined;
}

const isShare = (values: readonly (readonly [string, number])[]) =>
  values.length > 1 &&
  values.every(([, value]) => value >= 0 && value <= 1) &&
  Math.abs(values.reduce((sum, [, value]) => sum + value, 0) - 1) < 0.01;

/** A prediction for people: probabilities and contributions as bars, the rest as it is. */
export function Result({ value }: { readonly value: unknown }) {
  const fields =
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : [["prediction", value] as const];
  return (
    <div class="result" aria-live="polite">
      {fields.map(([name, one]) => {
        const numbers = asNumbers(one);
        if (numbers) {
          const sorted = [...numbers].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).slice(0, 30);
          return (
            <div key={name}>
              <h3>{name}</h3>
              {isShare(numbers) ? <Bars values={sorted} unit="percent" /> : <Bars values={sorted} />}
            </div>
          );
        }
        return (
          <div key={name}>
            <div class="soft">{name}</div>
            <div class="answer">
              {typeof one === "number" ? short(one) : typeof one === "string" ? one : JSON.stringify(one)}
            </div>
          </div>
        );
      })}
    </div>
  );
}
