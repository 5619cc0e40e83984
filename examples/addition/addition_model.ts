export function train() {
  return { bias: 0 };
}

export function test(model: { bias: number }) {
  return { mistakes: predict(model, { x1: 1, x2: 2 }).sum === 3 ? 0 : 1 };
}

export function predict({ bias }: { bias: number }, { x1, x2 }: { x1: number; x2: number }) {
  return { sum: x1 + x2 + bias };
}
