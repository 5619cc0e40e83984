import { type D1Database, d1Dialect } from "../../src/internal.ts";
import type { Binding, Databases } from "./backend.ts";
import { bindingOf } from "./binding.ts";

const kind = { key: "d1_databases", method: "batch" };

/** `d1://BINDING` */
export const databases: Databases = {
  "d1:": {
    form: "d1://BINDING",
    load: async ({ bindings }) => d1Dialect((url) => bindingOf<D1Database>(url, bindings, kind, "dbms: url")),
  },
};

export const binding: Binding = { key: kind.key, toFill: ["database_name", "database_id"] };
