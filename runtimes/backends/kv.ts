import { type KvDataNamespace, kvLocation } from "../places/kv.ts";
import { objectKey } from "../places/object-key.ts";
import { type KvNamespace, kvDriver } from "../storage/kv-driver.ts";
import { prefixOf } from "../storage/open-driver.ts";
import type { Binding, Locations, Stores } from "./backend.ts";
import { bindingOf } from "./binding.ts";

const kind = { key: "kv_namespaces", method: "getWithMetadata" };

/** `kv://BINDING/prefix` */
export const stores: Stores = {
  "kv:": {
    form: "kv://BINDING/prefix",
    open({ location, bindings }) {
      const namespace = bindingOf<KvNamespace>(location, bindings, kind, "model_store.location");
      return kvDriver({ namespace, prefix: prefixOf(location) });
    },
  },
};

/** `kv://BINDING/key` */
export const locations: Locations = {
  "kv:": {
    form: "kv://BINDING/key",
    open:
      ({ bindings }) =>
      (url, { where }) => {
        const key = objectKey(url, where);
        return kvLocation(bindingOf<KvDataNamespace>(url, bindings, kind, `${where}: path`), key);
      },
  },
};

export const binding: Binding = { key: kind.key, toFill: ["id"] };
