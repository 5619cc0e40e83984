import { readS3Account, s3Settings } from "../s3/account.ts";
import { prefixOf, type Scheme } from "./open-driver.ts";
import { s3Driver } from "./s3-driver.ts";

/** `s3://bucket/prefix`, on every runtime. */
export const s3Scheme: Scheme = {
  form: "s3://bucket/prefix",
  options: s3Settings,
  open({ location, options, env }) {
    const prefix = prefixOf(location);
    const at = (name?: string) => (name === undefined ? "model_store" : `model_store.${name}`);
    return s3Driver({ prefix, ...readS3Account(location.host, { text: options.text, env, at }) });
  },
};
