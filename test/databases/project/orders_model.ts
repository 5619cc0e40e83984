import type { ModelContext, Row } from "mllaunchpad";

interface Orders {
  readonly dtypes: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly first: string;
}

/** Copies a table batch by batch. */
export async function train({ source, sink }: ModelContext): Promise<Orders> {
  const orders = source("orders");
  const frame = await orders.frame({ most: 1000 });
  await sink("copies").write(orders.batches({ size: 300, params: { most: 1000 } }));
  for await (const row of orders.rows({ most: 1000 })) if (row.id === 3) break;
  return { dtypes: frame.dtypes, rows: frame.length, first: shown(frame.row(0)) };
}

/** Compares the copy. */
export async function test({ dtypes, rows, first }: Orders, { source }: ModelContext) {
  const copies = await source("copies").frame();
  const same =
    copies.length === rows &&
    JSON.stringify(copies.dtypes) === JSON.stringify(dtypes) &&
    shown(copies.row(0)) === first;
  return { rows, same, first };
}

export function predict() {
  return {};
}

function shown(row: Row | undefined): string {
  const text = Object.entries(row ?? {}).map(([name, cell]) => [
    name,
    cell instanceof Date ? cell.toISOString() : String(cell),
  ]);
  return JSON.stringify(Object.fromEntries(text));
}
