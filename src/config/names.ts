/** What models, versions, aliases and APIs can be called: they become parts of keys, paths and URLs. */
export const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** The same in words. */
export const nameRule = 'letters, digits, ".", "_" and "-", first a letter or digit, at most 200 characters';
