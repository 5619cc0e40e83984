import { s3Location } from "../places/s3.ts";
import { readS3Account, s3Settings } from "../s3/account.ts";
import { prefixOf } from "../storage/open-driver.ts";
import { s3Driver } from "../storage/s3-driver.ts";
import type { Locations, Stores } from "./backend.ts";

/** `s3://bucket/prefix`, on Amazon's service or one with the same API. */
export const stores: Stores = {
  "s3:": {
    form: "s3://bucket/prefix",
    options: s3Settings,
    open({ location, options, env }) {
      const prefix = prefixOf(location);
      const at = (name?: string) => (name === undefined ? "model_store" : `model_store.${name}`);
      return s3Driver({ prefix, ...readS3Account(location.host, { text: options.text, env, at }) });
    },
  },
};

/** `s3://bucket/file`. */
export const locations: Locations = {
  "s3:": { form: "s3://bucket/file", options: s3Settings, open: ({ env }) => s3Location(env) },
};
