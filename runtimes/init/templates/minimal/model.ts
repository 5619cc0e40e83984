import { defineModel } from "mllaunchpad";

export default defineModel({
  /** Makes what the model store keeps: plain data, typed arrays, Map, Set, Date. */
  async train() {
    return { factor: 2 };
  },

  /** Measures it: whatever JSON can hold. */
  async test({ factor }) {
    return { factor };
  },

  /** Answers one request. */
  predict({ factor }, args) {
    return { y: factor * Number(args.x) };
  },
});
