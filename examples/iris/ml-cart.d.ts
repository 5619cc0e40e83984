/** The part of ml-cart that the model uses: the package comes without types. */
declare module "ml-cart" {
  export class DecisionTreeClassifier {
    constructor(options?: { maxDepth?: number; minNumSamples?: number; gainThreshold?: number });
    static load(json: unknown): DecisionTreeClassifier;
    /** Rows of features, and the number of the class of each row. */
    train(features: number[][], labels: number[]): void;
    predict(features: number[][]): number[];
    toJSON(): unknown;
  }
}
