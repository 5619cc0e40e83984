import { DecisionTreeClassifier } from "ml-cart";
import { defineModel, type Frame } from "mllaunchpad";
import { evaluation } from "mllaunchpad/metrics";

interface Iris {
  varieties: string[];
  tree: DecisionTreeClassifier;
}

const measurements = (frame: Frame) => Array.from(frame.rows(), (row) => Object.values(row).map(Number));

export default defineModel({
  async train({ source, orderColumns, report }): Promise<Iris> {
    const petals = await source("petals").frame();
    report("petals", petals);
    const labels = Array.from(petals.column("variety"), String);
    const varieties = [...new Set(labels)].sort();
    const tree = new DecisionTreeClassifier({ maxDepth: 4 });
    tree.train(
      measurements(orderColumns(petals.drop("variety"))),
      labels.map((label) => varieties.indexOf(label)),
    );
    return { varieties, tree };
  },

  async test({ varieties, tree }, { source, orderColumns }) {
    const petals = await source("petals_test").frame();
    const predicted = tree.predict(measurements(orderColumns(petals.drop("variety"))));
    return evaluation({
      labels: petals.column("variety"),
      predictions: predicted.map((index) => varieties[index]),
    });
  },

  predict({ varieties, tree }, args, { orderColumns }) {
    const [index = -1] = tree.predict([Object.values(orderColumns(args)).map((value) => Number(value ?? Number.NaN))]);
    return { iris_variety: varieties[index] };
  },

  // A tree is an instance of a class, so it goes to the model store as the JSON that its package makes of it.
  codec: {
    encode: (iris) => new TextEncoder().encode(JSON.stringify(iris)),
    decode(bytes) {
      const { varieties, tree } = JSON.parse(new TextDecoder().decode(bytes));
      return { varieties, tree: DecisionTreeClassifier.load(tree) };
    },
  },
});
