import type { ModelContext } from "mllaunchpad";

interface Mean {
  mean: number;
}

export async function train({ source, config }: ModelContext): Promise<Mean> {
  // train
  const x = (await source("numbers").frame()).column("x");
  const mean = (Array.from(x, Number).reduce((sum, value) => sum + value, 0) / x.length) * Number(config.scale);
  return { mean };
}

export function test({ mean }: Mean) {
  // test
  return { mean };
}

export async function predict({ mean }: Mean, { x, delay }: { x: number; delay?: number }) {
  // predict
  if (delay) {
    console.error("predicting slowly");
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
  return { y: mean * x };
}
