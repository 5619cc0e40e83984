import { createFrame, defineModel } from "mllaunchpad";

export default defineModel({
  async train({ source, sink }) {
    const sums = new Map<string, { total: number; months: number }>();
    for await (const { station, millimetres } of source("rain").rows()) {
      const { total, months } = sums.get(String(station)) ?? { total: 0, months: 0 };
      sums.set(String(station), { total: total + Number(millimetres), months: months + 1 });
    }
    const means = new Map(
      [...sums].map(([station, { total, months }]) => [station, Math.round((total / months) * 1e4) / 1e4]),
    );
    await sink("means").write(createFrame({ station: [...means.keys()], mean: [...means.values()] }));
    return means;
  },
  test: (means) => ({ stations: means.size }),
  predict: (means, { station }) => ({ millimetres: means.get(String(station)) ?? null }),
});
