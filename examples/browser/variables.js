/** What store.yml reads; a package with its model in it needs no variables. */
export const variables = { MODEL_STORE: new URL("model_store/", import.meta.url).href };
