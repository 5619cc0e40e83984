import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { FeatureColumn, FeatureValue } from "../../../src/model/types/file-model.ts";
import { readTensor } from "../../../src/model/types/onnx/proto/tensor.ts";
import { cursorOf } from "../../../src/model/types/onnx/proto/wire.ts";
import type { Tensor } from "../../../src/model/types/onnx/tensor.ts";

/** Place of a part in a container: where it starts, and its length. */
type Place = readonly [start: number, length: number];

/** Container as container.py writes it: a head that names parts, and the parts. */
function open<Head>(name: string): { head: Head; part: (place: Place) => Uint8Array } {
  const bytes = gunzipSync(readFileSync(new URL(`./corpus/${name}`, import.meta.url)));
  const start = 4 + bytes.readUInt32LE(0);
  const head: Head = JSON.parse(bytes.subarray(4, start).toString());
  return { head, part: ([at, length]) => Uint8Array.from(bytes.subarray(start + at, start + at + length)) };
}

interface ModelHead {
  readonly name: string;
  readonly model: Place;
  readonly columns: readonly ({ readonly numbers: Place } | { readonly values: readonly FeatureValue[] })[];
  readonly labels: readonly (string | number)[] | null;
  readonly width: number;
  readonly single: boolean;
  readonly numbers: Place;
  readonly missing: boolean;
  readonly noise: number;
}

/** Converted model, rows, and what onnxruntime answers. */
export interface Converted {
  readonly name: string;
  readonly file: Uint8Array;
  readonly columns: readonly FeatureColumn[];
  readonly rows: number;
  readonly labels: readonly (string | number)[] | null;
  /** Numbers of a row, and those of all rows. */
  readonly width: number;
  readonly numbers: Float64Array;
  /** Whether some values are missing. */
  readonly missing: boolean;
  /** How far onnxruntime is from itself. */
  readonly noise: number;
}

/** Models that make.py converted. */
export function convertedModels(): Converted[] {
  const { head, part } = open<readonly ModelHead[]>("models.bin.gz");
  return head.map(({ model, columns, numbers, single, ...rest }) => {
    const bytes = part(numbers).buffer as ArrayBuffer;
    const read = columns.map(
      (column): FeatureColumn =>
        "values" in column ? column.values : new Float64Array(part(column.numbers).buffer as ArrayBuffer),
    );
    return {
      ...rest,
      file: part(model),
      columns: read,
      rows: read[0]?.length ?? 0,
      numbers: single ? Float64Array.from(new Float32Array(bytes)) : new Float64Array(bytes),
    };
  });
}

/** One of ONNX's own backend tests. */
export interface BackendCase {
  readonly name: string;
  readonly rtol: number;
  readonly atol: number;
  readonly file: Uint8Array;
  /** Inputs and outputs; undefined where some are no tensors. */
  readonly sets: readonly ({ readonly inputs: () => Tensor[]; readonly outputs: () => Tensor[] } | undefined)[];
}

/** ONNX's own backend tests for the operators of the reader. */
export function backendCases(): BackendCase[] {
  interface Head {
    readonly name: string;
    readonly rtol: number;
    readonly atol: number;
    readonly model: Place;
    readonly sets: readonly ([readonly Place[], readonly Place[]] | null)[];
  }
  const { head, part } = open<readonly Head[]>("backend.bin.gz");
  const tensors = (places: readonly Place[]) => () => places.map((place) => readTensor(cursorOf(part(place))).tensor);
  return head.map(({ name, rtol, atol, model, sets }) => ({
    name,
    rtol,
    atol,
    file: part(model),
    sets: sets.map((set) => (set === null ? undefined : { inputs: tensors(set[0]), outputs: tensors(set[1]) })),
  }));
}
