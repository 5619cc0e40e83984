import type {
  Card,
  Difference,
  DriftState,
  PageModel,
  PageModels,
  PagesHistory,
  ProductionState,
  RolloutState,
} from "../../../src/internal.ts";

export type { Card, Difference, DriftState, PageModel, PageModels, PagesHistory, ProductionState, RolloutState };

/** Pages that stand in one file carry their data, and have nobody to ask. */
const carried = document.getElementById("data");

/** Data of the report, where this is one. */
export const report: { readonly model: PageModel; readonly history: PagesHistory } | undefined = carried?.textContent
  ? JSON.parse(carried.textContent)
  : undefined;

/** JSON of the server that this page is from. Every URL is relative to the page, so that it works below any path. */
export async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, { ...init, headers: { accept: "application/json", ...init?.headers } });
  const body = await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  const { detail, title, errors } = (body ?? {}) as {
    detail?: string;
    title?: string;
    errors?: { name: string; message?: string; detail?: string }[];
  };
  throw new Error(
    errors?.map((one) => `${one.name}: ${one.message ?? one.detail ?? ""}`).join("\n") ||
      (detail ?? title ?? `HTTP ${response.status}`),
  );
}

/** A number for people. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "";
  return String(Number(value.toPrecision(4)));
}
