import { isLaunchpadError, LaunchpadError } from "../../../errors.ts";
import type { FeatureColumn, FeatureValue, FileModel, Predictions } from "../file-model.ts";
import { tensorsOf } from "./columns.ts";
import { explainedBy } from "./explain.ts";
import { OnnxFault } from "./fault.ts";
import { type Groves, type Plan, planOf } from "./graph.ts";
import { type Inputs, inputsOf } from "./inputs.ts";
import type { Node } from "./node.ts";
import { type Answers, answersOf, collector, type Trial } from "./outputs.ts";
import { type RawModel, readModel } from "./proto/model.ts";
import { runner } from "./run.ts";
import type { Tensor } from "./tensor.ts";
import { declared, missingFeatures, runTrial } from "./trial.ts";

/** What a store keeps of a model: plain data and typed arrays. */
export interface Contents {
  readonly version: 1;
  readonly nodes: readonly Node[];
  readonly constants: readonly (readonly [string, Tensor])[];
  readonly inputs: Inputs;
  readonly answers: Answers;
}

/** Rows of one run: enough to share the cost of a node, few enough to stay in fast memory. */
const maxRows = 1024;

/** Packages that run any graph. */
const engines = "onnxruntime-node or onnxruntime-web";

/** Error of a user for a fault: with the place and what to do. */
export function errorOf(fault: OnnxFault, where: string): LaunchpadError {
  if (fault.blame === "unsupported") {
    return new LaunchpadError(
      "MODEL_FILE_UNSUPPORTED",
      `${where}: expected what this reader has, found ${fault.message}. Install ${engines} and set model.engine to onnxruntime, or convert the model otherwise.`,
      { cause: fault },
    );
  }
  if (fault.blame === "arguments")
    return new LaunchpadError("ARGUMENTS_INVALID", `${where}: ${fault.message}.`, { cause: fault });
  return new LaunchpadError(
    "MODEL_FILE_INVALID",
    `${where}: ${fault.message}. The file is damaged, or its converter wrote what no graph may be.`,
    { cause: fault },
  );
}

/** Does what may find a fault; faults become errors of a user. */
export function faultless<Result>(where: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof OnnxFault) throw errorOf(cause, where);
    throw cause;
  }
}

/** Outputs of a trial, or as declared where the trial meets what it cannot know: a category, a number. */
function tryOut(plan: Plan, raw: RawModel, inputs: Inputs): Trial {
  const { graph } = raw;
  const run = runner(
    plan,
    inputs.groups.map(({ input }) => input),
    graph.outputs.map(({ name }) => name),
  );
  try {
    return runTrial(run, inputs);
  } catch (cause) {
    const unknowable =
      (cause instanceof OnnxFault && cause.blame === "arguments") ||
      (isLaunchpadError(cause) && cause.code === "ARGUMENTS_INVALID");
    if (unknowable) return { rows: 1, outputs: declared(graph.outputs) };
    throw cause;
  }
}

/** Reads a file into what a store keeps. */
export function contentsOf(bytes: Uint8Array): Contents {
  const raw = readModel(bytes);
  const { graph } = raw;
  if (graph.outputs.length === 0) throw new OnnxFault("expected an output, found none");
  const groves: Groves = new Map();
  const plan = planOf(
    raw,
    graph.outputs.map(({ name }) => name),
    groves,
  );
  const inputs = inputsOf(graph);
  const answers = answersOf(graph, tryOut(plan, raw, inputs));
  const needed = planOf(raw, answers.fetched, groves);
  const missing = missingFeatures(
    graph,
    runner(
      needed,
      inputs.groups.map(({ input }) => input),
      answers.fetched,
    ),
    inputs,
  );
  const features = inputs.features.map((feature, at) => (missing.has(at) ? { ...feature, missing: true } : feature));
  return {
    version: 1,
    nodes: needed.nodes,
    constants: [...needed.constants],
    inputs: { ...inputs, features },
    answers,
  };
}

/**
 * Makes the model of what a store keeps.
 *
 * @param contents What `contentsOf` made.
 * @param where Name with which messages begin.
 */
export function modelOf(contents: Contents, where: string): FileModel {
  const { inputs, answers } = contents;
  const { features } = inputs;
  const plan: Plan = { nodes: contents.nodes, constants: new Map(contents.constants) };
  const run = faultless(where, () =>
    runner(
      plan,
      inputs.groups.map(({ input }) => input),
      answers.fetched,
    ),
  );
  const step = inputs.rowByRow ? 1 : maxRows;

  function predictColumns(columns: readonly FeatureColumn[], length: number): Predictions {
    return faultless(where, () => {
      const { predictions, collect } = collector(answers, length);
      for (let from = 0; from < length; from += step) {
        const to = Math.min(length, from + step);
        collect(run(tensorsOf(inputs, columns, from, to)), from, to - from);
      }
      return predictions;
    });
  }

  const explained = explainedBy(plan, inputs);
  return {
    format: "onnx",
    task: answers.task,
    objective: answers.objective,
    features,
    outputs: answers.outputs,
    ...(answers.classes ? { classes: answers.classes } : {}),
    hasProbabilities: answers.hasProbabilities,
    predictColumns,
    predictRow: (row) =>
      predictColumns(
        row.map((value) => [value]),
        1,
      ),
    ...(explained && {
      contributions: (row: readonly FeatureValue[]) => faultless(where, () => explained.contributions(row)),
      importances: explained.importances,
    }),
    contents,
  };
}
