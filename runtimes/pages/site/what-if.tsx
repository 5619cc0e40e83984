import { useEffect, useState } from "preact/hooks";
import { Plot, Table } from "./charts.tsx";
import type { PageModel } from "./data.ts";
import { isNumber, rangeOf } from "./fields.tsx";
import { predict } from "./request.ts";
import { numbersIn } from "./result.tsx";

/** So many predictions make a curve. */
const points = 25;

/** One input varied while the others stay, and the prediction as a curve. */
export function WhatIf({
  model,
  args,
  prediction,
}: {
  readonly model: PageModel;
  readonly args: Record<string, unknown>;
  readonly prediction: unknown;
}) {
  const fields = model.signature.inputs.fields.filter(
    (field) => field.choices || (isNumber(field) && rangeOf(field, model)),
  );
  const outputs = numbersIn(prediction).map(([name]) => name);
  const [name, setName] = useState("");
  const [output, setOutput] = useState("");
  const [curve, setCurve] = useState<(readonly [unknown, unknown])[]>([]);
  const field = fields.find((one) => one.name === name);
  const chosen = outputs.includes(output) ? output : (outputs.at(-1) ?? "");
  useEffect(() => {
    if (!field) return setCurve([]);
    const aborting = new AbortController();
    const range = rangeOf(field, model);
    const inputs =
      field.choices ??
      Array.from({ length: points }, (_, at) => {
        const [least, most] = range ?? [0, 1];
        const value = least + ((most - least) * at) / (points - 1);
        return field.dtype === "int64" ? Math.round(value) : Number(value.toPrecision(6));
      });
    const run = async () => {
      const found: (readonly [unknown, unknown])[] = [];
      for (const input of [...new Set(inputs)]) {
        const value = await predict(model, { ...args, [field.name]: input }, aborting.signal).catch(() => undefined);
        if (aborting.signal.aborted) return;
        found.push([input, value]);
      }
      setCurve(found);
    };
    const timer = setTimeout(() => void run(), 300);
    return () => {
      clearTimeout(timer);
      aborting.abort();
    };
  }, [args, name, model]);
  if (fields.length === 0) return null;
  const values = curve.map(
    ([input, value]) =>
      [
        input,
        Object.fromEntries(numbersIn(value))[chosen] ??
          (typeof value === "object" && value !== null ? Object.values(value)[0] : value),
      ] as const,
  );
  const numbers = values.filter(
    (point): point is readonly [number, number] => typeof point[0] === "number" && typeof point[1] === "number",
  );
  return (
    <>
      <h2>What if</h2>
      <p>
        <label>
          Vary{" "}
          <select value={name} onInput={(event) => setName(event.currentTarget.value)}>
            <option value="">(nothing)</option>
            {fields.map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
          </select>
        </label>{" "}
        {outputs.length > 1 && (
          <label>
            and see{" "}
            <select value={chosen} onInput={(event) => setOutput(event.currentTarget.value)}>
              {outputs.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        )}
      </p>
      {curve.length > 0 &&
        (numbers.length > 1 ? (
          <Plot
            label={`${chosen} by ${name}, from ${numbers[0]?.[1]} to ${numbers.at(-1)?.[1]}`}
            x={name}
            y={chosen}
            lines={[{ points: numbers }]}
          />
        ) : (
          <Table
            head={[name, "prediction"]}
            rows={values.map(([input, value]) => [String(input), typeof value === "number" ? value : String(value)])}
          />
        ))}
    </>
  );
}
