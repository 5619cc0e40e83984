/** Contents large enough that writing them takes a while: that is when a kill hurts most. */
export const train = ({ previous }: { previous?: { round: number } }) => ({
  round: (previous?.round ?? 0) + 1,
  weights: new Float64Array(500_000).fill(previous?.round ?? 0),
});

export const test = ({ round }: { round: number }) => ({ round });

export const predict = ({ round, weights }: { round: number; weights: Float64Array }) => ({
  round,
  whole: weights.length === 500_000 && weights.every((weight) => weight === round - 1),
});
