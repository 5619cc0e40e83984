import { folderKey, objectKey } from "../places/object-key.ts";
import { type R2DataBucket, r2Location } from "../places/r2.ts";
import { prefixOf } from "../storage/open-driver.ts";
import { type R2Bucket, r2Driver } from "../storage/r2-driver.ts";
import type { Binding, Locations, Stores } from "./backend.ts";
import { bindingOf } from "./binding.ts";

const kind = { key: "r2_buckets", method: "head" };

/** `r2://BINDING/prefix` */
export const stores: Stores = {
  "r2:": {
    form: "r2://BINDING/prefix",
    open({ location, bindings }) {
      const bucket = bindingOf<R2Bucket>(location, bindings, kind, "model_store.location");
      return r2Driver({ bucket, prefix: prefixOf(location) });
    },
  },
};

/** `r2://BINDING/file` */
export const locations: Locations = {
  "r2:": {
    form: "r2://BINDING/file",
    open:
      ({ bindings }) =>
      (url, { where, isFolder = false }) => {
        const key = isFolder ? folderKey(url, where) : objectKey(url, where);
        return r2Location(bindingOf<R2DataBucket>(url, bindings, kind, `${where}: path`), key);
      },
  },
};

export const binding: Binding = { key: kind.key, toFill: ["bucket_name"] };
